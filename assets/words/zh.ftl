# What Grotto itself says, in Chinese (simplified characters).

## While loading, and when something is amiss

loading = 正在打开洞窟……
missing = 暂时无法展示
kept-last-good = 保存的文件有错误，仍显示上一个正确的状态。

## Pictures of the screen

picture-saved = 图片已保存：{ $path }
picture-failed = 图片无法保存：{ $error }

## Panels and the guided tour

close-hint = Esc  关闭
guide-start = G  导览
guide-next = G  继续
guide-back = R  后退
guide-pause = P  暂停
guide-resume = P  继续
guide-skip = K  跳过
guide-leave = 退格键  离开
guide-return = 退格键  回到导览
guide-detour = { $number }  { $title }
remind-answer = 讲解正等待您的回答。
remind-hotspot = 讲解正等您找到：{ $title }
listen = V  聆听
listen-stop = V  停止
read-on = PgDn、滚轮  继续阅读

## What the visitor sets, shown for a moment

volume = 音量 { $percent } %
volume-muted = 静音
captions-on = 显示字幕
captions-off = 隐藏字幕
text-size = 文字 { $percent } %
caption-outline = 字幕：描边文字
caption-plate = 字幕：深色底板
caption-solid = 字幕：最强对比
headphones = 声音：耳机
loudspeakers = 声音：双音箱
one-loudspeaker = 声音：单音箱

## Recording a tour (grotto run --record)

record-ready = F6  录制导览
recording = 正在录制 { $time }
record-keys = 按键 { $count } 次
record-marks = 标记 { $count } 处
record-hint = F6  停止并保存     F7  新步骤     F8  标记此处
record-voiceless = 没有麦克风（{ $error }）：不录制语音
record-writing = 正在写入导览……
record-saved = 已保存：{ $path }，共 { $count } 步
record-listed = 已加入展览。原场景文件：{ $path }
record-include = 在 exhibit.ron 中写入   tours: ["{ $path }"]   即可使用该导览。
record-failed = 导览无法保存：{ $error }

## The help: what each row does, and the keys for it

help-hint = F1  帮助
help-title = 如何参观
help-walk = 行走
    .keys = W A S D、方向键
help-look = 环顾；Esc 释放指针
    .keys = 鼠标（点击）
help-aim = 调整灯光方向
    .keys = 右键
help-run = 加快
    .keys = Shift
help-rise = 飞行时上升、下降
    .keys = 空格、C
help-fly = 行走或飞行
    .keys = F
help-lamp = 灯
    .keys = L
help-layer = 下一图层：现状、复原……
    .keys = T
help-view = 下一个、上一个视点
    .keys = N、B
help-home = 回到起点
    .keys = H
help-guide = 导览：继续、后退、离开
    .keys = G、R、退格键
help-guide-more = 导览：暂停、跳过一步
    .keys = P、K
help-detour = 岔路、回答
    .keys = 1 至 7
help-open = 打开所看之物
    .keys = E、回车、点击
help-next = 下一个看点
    .keys = Tab
help-panel = 说明板：继续阅读、聆听
    .keys = PgDn、滚轮；V
help-volume = 大声、小声、静音
    .keys = +、-、M
help-through = 耳机、音箱
    .keys = F10
help-captions = 字幕
    .keys = F4
help-text-size = 放大文字
    .keys = F5
help-caption-ground = 字幕对比度
    .keys = F9
help-language = 选择语言
    .keys = F2
help-statistics = 帧统计
    .keys = F3
help-fullscreen = 全屏
    .keys = F11
help-picture = 保存图片
    .keys = F12
help-gamepad = 摇杆移动和环顾，A、B 切换视点，X 灯，Y 图层
    .keys = 手柄
help-gamepad-tour = LT + 十字键：暂停、跳过、后退、岔路
    .keys = 手柄
help-touch = 单指环顾，双指行走
    .keys = 触摸

## 触摸按钮，宜短

touch-lamp = 灯
touch-layer = 图层
touch-view = 下一视点
touch-home = 起点
touch-language = 语言
touch-help = 帮助
