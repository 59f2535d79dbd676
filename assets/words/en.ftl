# What Grotto itself says, in English. The other languages, and the files `words/<language>.ftl`
# of an exhibit, give the same names. See docs/languages.md.

## While loading, and when something is amiss

# Below the title while loading.
loading = Opening the cave …
# On the sign of a model that cannot be shown, below its name.
missing = cannot be shown at the moment
# An author saved a file with errors while the exhibit runs.
kept-last-good = The saved file has errors; the last good state is shown.

## Pictures of the screen

# $path: where the picture is.
picture-saved = Picture saved: { $path }
# $error: why not, in the words of the system.
picture-failed = The picture could not be saved: { $error }

## Panels and the guided tour

# Below a panel: the key and what it does.
close-hint = Esc  close
guide-start = G  guided tour
guide-next = G  go on
guide-back = R  back
guide-pause = P  pause
guide-resume = P  go on
guide-skip = K  skip
guide-leave = Backspace  leave
guide-return = Backspace  back to the tour
# A detour that may be taken. $number: its key, $title: its name.
guide-detour = { $number }  { $title }
# Who wants to go on is told what the step waits for.
remind-answer = The guide waits for your answer.
# $title: of what is to be found and opened.
remind-hotspot = The guide waits until you have found: { $title }
listen = V  listen
listen-stop = V  stop
read-on = Page Down, wheel  read on

## What the visitor sets, shown for a moment

# $percent: a number.
volume = Volume { $percent } %
volume-muted = Sound off
captions-on = Captions on
captions-off = Captions off
text-size = Letters { $percent } %
caption-outline = Captions: outlined letters
caption-plate = Captions: on a dark plate
caption-solid = Captions: strongest contrast
headphones = Sound: for headphones
loudspeakers = Sound: for two loudspeakers
one-loudspeaker = Sound: for one loudspeaker

## Recording a tour (grotto run --record)

record-ready = F6  record a tour
# $time: minutes and seconds.
recording = Recording { $time }
# $count: how often F7 or F8 was pressed.
record-keys = { $count ->
    [one] { $count } key
   *[other] { $count } keys
 }
# $count: how often a guide in a headset asked for a new step or marked a place.
record-marks = { $count ->
    [one] { $count } mark
   *[other] { $count } marks
 }
record-hint = F6  stop and save     F7  new step     F8  mark this place
# $error: why not, in the words of the system.
record-voiceless = No microphone ({ $error }): recorded without a voice
record-writing = Writing the tour …
# $count: its steps. $path: where it is.
record-saved = { $count ->
    [one] Saved: { $path }, { $count } step
   *[other] Saved: { $path }, { $count } steps
 }
record-listed = It is one of the exhibit’s tours now. The scene file as it was: { $path }
record-include = In exhibit.ron write   tours: ["{ $path }"]   and the tour is there.
# $error: why not, in the words of the system.
record-failed = The tour could not be saved: { $error }

## The help: what each row does, and the keys for it

help-hint = F1  Help
help-title = How to look around
help-walk = walk
    .keys = W A S D, arrows
help-look = look; Esc frees the pointer
    .keys = Mouse (click)
help-aim = aim the lamp
    .keys = Right button
help-run = faster
    .keys = Shift
help-rise = up and down while flying
    .keys = Space, C
help-fly = walk or fly
    .keys = F
help-lamp = lamp
    .keys = L
help-layer = next layer: today, restored …
    .keys = T
help-view = next and previous view
    .keys = N, B
help-home = back to the start
    .keys = H
help-guide = guided tour: on, back, leave
    .keys = G, R, Backspace
help-guide-more = the tour: pause, skip a step
    .keys = P, K
help-detour = take a detour, give an answer
    .keys = 1 to 7
help-open = open what you look at
    .keys = E, Enter, click
help-next = next thing to look at
    .keys = Tab
help-panel = a panel: read on, listen
    .keys = Page Down, wheel; V
help-volume = louder, softer, silence
    .keys = +, -, M
help-through = headphones, loudspeakers
    .keys = F10
help-captions = captions
    .keys = F4
help-text-size = larger letters
    .keys = F5
help-caption-ground = contrast of captions
    .keys = F9
help-language = choose a language
    .keys = F2
help-statistics = frame statistics
    .keys = F3
help-fullscreen = full screen
    .keys = F11
help-picture = save a picture
    .keys = F12
help-gamepad = sticks move and look, A and B views, X lamp, Y layer
    .keys = Gamepad
help-gamepad-tour = LT + cross: pause, skip, back, detour
    .keys = Gamepad
help-touch = one finger looks, two fingers walk
    .keys = Touch

## Buttons for fingers, short

touch-lamp = Lamp
touch-layer = Layers
touch-view = Next view
touch-home = Start
touch-language = Language
touch-help = Help
