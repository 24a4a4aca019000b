#include "app/shell/measure.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

namespace loopscope::app {

namespace {

double ms(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

// proc(5): field 22 of /proc/self/stat, ticks (10 ms) since boot.
double ms_since_start() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 22; ++i) fields >> skipped;
  long long ticks = 0;
  fields >> ticks;
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const double started = static_cast<double>(ticks) * 1000.0 / static_cast<double>(sysconf(_SC_CLK_TCK));
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6 - started;
}

double processor_ms() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

}  // namespace

void Measure::begin() { began_ = Clock::now(); }
void Measure::built() { built_ = Clock::now(); }

void Measure::shown() {
  if (!on_) return;
  if (frames_ == 0) first_ms_ = ms_since_start();
  build_ms_ += ms(built_ - began_);
  show_ms_ += ms(Clock::now() - built_);
  ++frames_;
}

void Measure::report() const {
  if (!on_ || frames_ == 0) return;
  std::fprintf(stderr,
               "loopscope: first frame %.0f ms after the start (10 ms exact); %d frames, each %.2f ms to "
               "build and %.2f ms to draw and show; "
               "%.0f ms of processor time in %.0f ms\n",
               first_ms_, frames_, build_ms_ / frames_, show_ms_ / frames_, processor_ms(), ms_since_start());
}

void dump_items(const Registry& registry, const std::string& path) {
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh);
    for (const Item& item : registry.items())
      file << item.id << '\t' << static_cast<int>(item.kind) << '\t' << item.label << '\t'
           << static_cast<int>(item.area.mid_x()) << '\t' << static_cast<int>(item.area.mid_y()) << '\t'
           << (item.enabled ? "enabled" : "disabled") << '\t' << (item.on ? "on" : "off") << '\t'
           << (item.cut_off() ? "cut" : "whole") << '\t' << (item.focused ? "focused" : "") << '\n';
  }
  std::rename(fresh.c_str(), path.c_str());
}

}  // namespace loopscope::app
