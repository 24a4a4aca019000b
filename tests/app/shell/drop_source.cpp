// Drops a file on a window as a file manager does (XDND, version 5): drop_source WINDOW PATH. Exit status 0
// once the window has taken it.
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr long version = 5;
constexpr unsigned patience_seconds = 20;

class Source {
 public:
  Source(Display* display, Window target, const std::string& path)
      : display_(display), target_(target), uris_("file://" + path + "\r\n") {
    own_ = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
    XSetSelectionOwner(display, atom("XdndSelection"), own_, CurrentTime);
  }

  int drop() {
    send("XdndEnter", {0, version << 24, static_cast<long>(atom("text/uri-list")), 0, 0});
    send("XdndPosition", {0, 0, (200L << 16) | 200L, CurrentTime, static_cast<long>(atom("XdndActionCopy"))});
    for (XEvent event;;) {
      XNextEvent(display_, &event);
      if (event.type == SelectionRequest) give(event.xselectionrequest);
      if (event.type != ClientMessage) continue;
      if (event.xclient.message_type == atom("XdndFinished")) return 0;
      if (event.xclient.message_type != atom("XdndStatus")) continue;
      if ((event.xclient.data.l[1] & 1) == 0) return std::fprintf(stderr, "it takes no files\n"), 1;
      send("XdndDrop", {0, 0, CurrentTime, 0, 0});
    }
  }

 private:
  Atom atom(const char* name) { return XInternAtom(display_, name, False); }

  void send(const char* type, std::array<long, 5> data) {
    XEvent event{};
    event.xclient.type = ClientMessage;
    event.xclient.window = target_;
    event.xclient.message_type = atom(type);
    event.xclient.format = 32;
    data[0] = static_cast<long>(own_);
    for (std::size_t i = 0; i < data.size(); ++i) event.xclient.data.l[i] = data[i];
    XSendEvent(display_, target_, False, NoEventMask, &event);
    XFlush(display_);
  }

  void give(const XSelectionRequestEvent& asked) {
    XChangeProperty(display_, asked.requestor, asked.property, asked.target, 8, PropModeReplace,
                    reinterpret_cast<const unsigned char*>(uris_.data()), static_cast<int>(uris_.size()));
    XEvent event{};
    event.xselection.type = SelectionNotify;
    event.xselection.requestor = asked.requestor;
    event.xselection.selection = asked.selection;
    event.xselection.target = asked.target;
    event.xselection.property = asked.property;
    event.xselection.time = asked.time;
    XSendEvent(display_, asked.requestor, False, NoEventMask, &event);
    XFlush(display_);
  }

  Display* display_;
  Window target_, own_ = 0;
  std::string uris_;
};

}  // namespace

int main(int argc, char** argv) {
  Display* display = argc == 3 ? XOpenDisplay(nullptr) : nullptr;
  if (display == nullptr) return std::fprintf(stderr, "usage: drop_source WINDOW PATH, with a display\n"), 2;
  ::alarm(patience_seconds);
  return Source(display, std::strtoul(argv[1], nullptr, 0), argv[2]).drop();
}
