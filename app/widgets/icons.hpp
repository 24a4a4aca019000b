#pragma once

#include <array>

/// Material Icons (Debian: fonts-material-design-icons-iconfont, Apache-2.0): each as the UTF-8 of its code
/// point.
namespace loopscope::app::icon {

// clang-format off
#define LOOPSCOPE_ICONS(ICON) \
  ICON(Computer, "\xee\x8c\x8a", 0xe30a) \
  ICON(Server, "\xee\xa1\xb5", 0xe875) \
  ICON(Terminal, "\xee\xae\x8e", 0xeb8e) \
  ICON(Globe, "\xee\xa0\x8b", 0xe80b) \
  ICON(Chip, "\xee\x8c\xa2", 0xe322) \
  ICON(Ethernet, "\xee\xa2\xbe", 0xe8be) \
  ICON(Shield, "\xee\xa7\xa0", 0xe9e0) \
  ICON(Block, "\xee\x85\x8b", 0xe14b) \
  ICON(Check, "\xee\x97\x8a", 0xe5ca) \
  ICON(CheckCircle, "\xee\xa1\xac", 0xe86c) \
  ICON(Cancel, "\xee\x97\x89", 0xe5c9) \
  ICON(Play, "\xee\x80\xb7", 0xe037) \
  ICON(Pause, "\xee\x80\xb4", 0xe034) \
  ICON(Next, "\xee\x81\x84", 0xe044) \
  ICON(Previous, "\xee\x81\x85", 0xe045) \
  ICON(Replay, "\xee\x81\x82", 0xe042) \
  ICON(LightMode, "\xee\x94\x98", 0xe518) \
  ICON(DarkMode, "\xee\x94\x9c", 0xe51c) \
  ICON(Hub, "\xee\xa7\xb4", 0xe9f4) \
  ICON(Mail, "\xee\x85\x98", 0xe158) \
  ICON(ArrowRight, "\xee\x97\x88", 0xe5c8) \
  ICON(ArrowLeft, "\xee\x97\x84", 0xe5c4) \
  ICON(Book, "\xee\xa8\x99", 0xea19) \
  ICON(Timeline, "\xee\xa4\xa2", 0xe922) \
  ICON(Copy, "\xee\x85\x8d", 0xe14d) \
  ICON(Search, "\xee\xa2\xb6", 0xe8b6) \
  ICON(School, "\xee\xa0\x8c", 0xe80c) \
  ICON(Speed, "\xee\xa7\xa4", 0xe9e4) \
  ICON(Lock, "\xee\xa2\x97", 0xe897) \
  ICON(ChevronRight, "\xee\x97\x8c", 0xe5cc) \
  ICON(ChevronLeft, "\xee\x97\x8b", 0xe5cb) \
  ICON(ExpandMore, "\xee\x97\x8f", 0xe5cf) \
  ICON(ExpandLess, "\xee\x97\x8e", 0xe5ce) \
  ICON(Settings, "\xee\xa2\xb8", 0xe8b8) \
  ICON(Swap, "\xee\xa3\x94", 0xe8d4) \
  ICON(Bolt, "\xee\xa8\x8b", 0xea0b) \
  ICON(Hold, "\xee\x86\xa2", 0xe1a2) \
  ICON(Timer, "\xee\x90\xa5", 0xe425) \
  ICON(Clock, "\xee\xa2\xb5", 0xe8b5) \
  ICON(Hourglass, "\xee\xa2\x8b", 0xe88b) \
  ICON(Door, "\xee\xad\x8f", 0xeb4f) \
  ICON(Delete, "\xee\xa1\xb2", 0xe872) \
  ICON(Close, "\xee\x97\x8d", 0xe5cd) \
  ICON(Help, "\xee\xa3\xbd", 0xe8fd) \
  ICON(Bulb, "\xee\xa4\x8f", 0xe90f) \
  ICON(Eye, "\xee\xa3\xb4", 0xe8f4) \
  ICON(Science, "\xee\xa9\x8b", 0xea4b) \
  ICON(LinkOff, "\xee\x85\xaf", 0xe16f) \
  ICON(Stop, "\xee\x81\x87", 0xe047) \
  ICON(ArrowUp, "\xee\x97\x98", 0xe5d8) \
  ICON(ArrowDown, "\xee\x97\x9b", 0xe5db) \
  ICON(Add, "\xee\x85\x85", 0xe145) \
  ICON(Remove, "\xee\x85\x9b", 0xe15b) \
  ICON(Gavel, "\xee\xa4\x8e", 0xe90e) \
  ICON(Build, "\xee\xa1\xa9", 0xe869) \
  ICON(Undo, "\xee\x85\xa6", 0xe166) \
  ICON(Info, "\xee\xa2\x8e", 0xe88e) \
  ICON(Warning, "\xee\x80\x82", 0xe002) \
  ICON(Inbox, "\xee\x85\x96", 0xe156) \
  ICON(Code, "\xee\xa1\xaf", 0xe86f) \
  ICON(ZoomIn, "\xee\xa3\xbf", 0xe8ff) \
  ICON(ZoomOut, "\xee\xa4\x80", 0xe900) \
  ICON(FitScreen, "\xee\xa8\x90", 0xea10) \
  ICON(Power, "\xee\x98\xbc", 0xe63c) \
  ICON(List, "\xee\xa2\x96", 0xe896) \
  ICON(Flag, "\xee\x85\x93", 0xe153) \
  ICON(Key, "\xee\x83\x9a", 0xe0da) \
  ICON(Layers, "\xee\x94\xbb", 0xe53b) \
  ICON(Split, "\xee\x82\xb6", 0xe0b6) \
  ICON(Reply, "\xee\x85\x9e", 0xe15e) \
  ICON(Cast, "\xee\x8c\x87", 0xe307) \
  ICON(RadioOff, "\xee\xa0\xb6", 0xe836) \
  ICON(RadioOn, "\xee\xa0\xb7", 0xe837) \
  ICON(Home, "\xee\xa2\x8a", 0xe88a) \
  ICON(MoreHoriz, "\xee\x97\x93", 0xe5d3) \
  ICON(Keyboard, "\xee\x8c\x92", 0xe312) \
  ICON(Motion, "\xee\x9c\x9c", 0xe71c) \
  ICON(Storage, "\xee\x87\x9b", 0xe1db) \
  ICON(OpenInNew, "\xee\xa2\x9e", 0xe89e) \
  ICON(DragHandle, "\xee\x89\x9d", 0xe25d) \
  ICON(PanTool, "\xee\xa4\xa5", 0xe925) \
  ICON(History, "\xee\xa2\x89", 0xe889) \
  ICON(TrendingFlat, "\xee\xa3\xa4", 0xe8e4) \
  ICON(Person, "\xee\x9f\xbd", 0xe7fd)

#define LOOPSCOPE_ICON_TEXT(name, text, code) inline constexpr const char* name = text;
LOOPSCOPE_ICONS(LOOPSCOPE_ICON_TEXT)
#undef LOOPSCOPE_ICON_TEXT

/// What a font atlas must hold for them.
#define LOOPSCOPE_ICON_CODE(name, text, code) code,
inline constexpr auto code_points = std::to_array<unsigned short>({LOOPSCOPE_ICONS(LOOPSCOPE_ICON_CODE)});
#undef LOOPSCOPE_ICON_CODE
// clang-format on

}  // namespace loopscope::app::icon
