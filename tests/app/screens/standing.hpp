#pragma once

#include "app/views/program.hpp"
#include "tests/app/screens/sample.hpp"

namespace loopscope::app::test {

/// A program that shows the sample and in which nothing happens by itself.
class Standing : public Program {
 public:
  explicit Standing(const Settings& settings) { sample_.settings = settings; }
  int fd() const override { return -1; }
  bool advance(double) override { return false; }
  bool moving() const override { return false; }
  const Snapshot& snapshot() override { return sample_.snapshot; }
  void carry_out(const Actions& actions) override { sample_.carry_out(actions); }

 private:
  Sample sample_;
};

}  // namespace loopscope::app::test
