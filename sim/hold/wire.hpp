#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/hold/hold.hpp"

namespace loopscope::hold {

/// The network between hosts: a switch in this process. What a host sends out of its end of a veth(4) pair is
/// read here at the other end, its port, and sent out of the port of whom it is for (packet(7)). So each
/// packet can be held, and lost, on its way. What neighbours tell each other by themselves (ARP, neighbour
/// discovery: trace::is_link_talk) is never held. While nothing is held frames go on only when take() is
/// called.
class Wire final : public Place {
 public:
  /// `ports`: devices, up, of the network namespace that the calling thread is in; needs CAP_NET_RAW there.
  /// Error: a sentence.
  [[nodiscard]] static tl::expected<Wire, std::string> open(const std::vector<std::string>& ports,
                                                            Numbers numbers = make_numbers());
  ~Wire() override;
  Wire(Wire&&) noexcept;
  Wire& operator=(Wire&&) noexcept;

  [[nodiscard]] int fd() const noexcept override;
  void hold(bool on) override;
  [[nodiscard]] bool holding() const noexcept override;
  /// Sends on what has come, and what comes in answer; gives what is held of it.
  [[nodiscard]] std::vector<Arrival> take() override;
  bool pass(trace::HeldId id) override;
  bool drop(trace::HeldId id) override;
  /// Frames that the kernel lost because take() was not called in time.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct Private;
  explicit Wire(std::unique_ptr<Private> inside);
  std::unique_ptr<Private> inside_;
};

}  // namespace loopscope::hold
