# What Grotto itself says, in French.

## While loading, and when something is amiss

loading = Ouverture de la grotte…
missing = ne peut être montré pour l’instant
kept-last-good = Le fichier enregistré contient des erreurs ; le dernier état correct reste affiché.

## Pictures of the screen

picture-saved = Image enregistrée : { $path }
picture-failed = L’image n’a pas pu être enregistrée : { $error }

## Panels and the guided tour

close-hint = Échap  fermer
guide-start = G  visite guidée
guide-next = G  continuer
guide-back = R  retour
guide-pause = P  pause
guide-resume = P  reprendre
guide-skip = K  passer
guide-leave = Retour arr.  quitter
guide-return = Retour arr.  revenir à la visite
guide-detour = { $number }  { $title }
remind-answer = Le guide attend votre réponse.
remind-hotspot = Le guide attend que vous trouviez : { $title }
listen = V  écouter
listen-stop = V  arrêter
read-on = Page suiv., molette  lire la suite

## What the visitor sets, shown for a moment

volume = Volume { $percent } %
volume-muted = Son coupé
captions-on = Sous-titres affichés
captions-off = Sous-titres masqués
text-size = Lettres { $percent } %
caption-outline = Sous-titres : lettres détourées
caption-plate = Sous-titres : sur fond sombre
caption-solid = Sous-titres : contraste maximal
headphones = Son : pour un casque
loudspeakers = Son : pour deux haut-parleurs
one-loudspeaker = Son : pour un haut-parleur

## Recording a tour (grotto run --record)

record-ready = F6  enregistrer une visite
recording = Enregistrement { $time }
record-keys = { $count ->
    [one] { $count } touche
   *[other] { $count } touches
 }
record-marks = { $count ->
    [one] { $count } repère
   *[other] { $count } repères
 }
record-hint = F6  arrêter et enregistrer     F7  nouvelle étape     F8  marquer cet endroit
record-voiceless = Pas de microphone ({ $error }) : enregistré sans voix
record-writing = Écriture de la visite…
record-saved = { $count ->
    [one] Enregistré : { $path }, { $count } étape
   *[other] Enregistré : { $path }, { $count } étapes
 }
record-listed = La visite fait partie de l’exposition. L’ancien fichier de scène : { $path }
record-include = Écrivez   tours: ["{ $path }"]   dans exhibit.ron, et la visite est là.
record-failed = La visite n’a pas pu être enregistrée : { $error }

## The help: what each row does, and the keys for it

help-hint = F1  Aide
help-title = Comment se promener
help-walk = marcher
    .keys = Z Q S D, flèches
help-look = regarder ; Échap libère le pointeur
    .keys = Souris (clic)
help-aim = orienter la lampe
    .keys = Bouton droit
help-run = plus vite
    .keys = Maj
help-rise = monter, descendre en vol
    .keys = Espace, C
help-fly = marcher ou voler
    .keys = F
help-lamp = lampe
    .keys = L
help-layer = calque suivant : aujourd’hui, restauré…
    .keys = T
help-view = vue suivante, précédente
    .keys = N, B
help-home = retour au départ
    .keys = H
help-guide = visite guidée : suite, retour, quitter
    .keys = G, R, Retour arr.
help-guide-more = visite : pause, passer une étape
    .keys = P, K
help-detour = prendre un détour, répondre
    .keys = 1 à 7
help-open = ouvrir ce que l’on regarde
    .keys = E, Entrée, clic
help-next = prochaine chose à voir
    .keys = Tab
help-panel = panneau : lire la suite, écouter
    .keys = Page suiv., molette ; V
help-volume = plus fort, moins fort, silence
    .keys = +, -, M
help-through = casque, haut-parleurs
    .keys = F10
help-captions = sous-titres
    .keys = F4
help-text-size = lettres plus grandes
    .keys = F5
help-caption-ground = contraste des sous-titres
    .keys = F9
help-language = choisir une langue
    .keys = F2
help-statistics = statistiques
    .keys = F3
help-fullscreen = plein écran
    .keys = F11
help-picture = enregistrer une image
    .keys = F12
help-gamepad = sticks : marcher, regarder ; A, B : vues, X lampe, Y calque
    .keys = Manette
help-gamepad-tour = LT + croix : pause, passer, retour, détour
    .keys = Manette
help-touch = un doigt regarde, deux doigts marchent
    .keys = Tactile

## Boutons pour les doigts, courts

touch-lamp = Lampe
touch-layer = Calques
touch-view = Vue suivante
touch-home = Départ
touch-language = Langue
touch-help = Aide
