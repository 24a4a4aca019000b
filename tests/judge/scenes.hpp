#pragma once

#include "tests/judge/writer.hpp"

/// What an experiment is about: each scene sets its stage and lets things happen there.
namespace loopscope::judge {

void scene_anything(Writer& writer);    ///< any call on any socket
void scene_connection(Writer& writer);  ///< one TCP connection and its end, in every order
void scene_binds(Writer& writer);       ///< many sockets on one port: who may share, and who is spoken to
void scene_ports(Writer& writer);       ///< port 0, small ranges, exhaustion, IP_BIND_ADDRESS_NO_PORT
void scene_datagrams(Writer& writer);   ///< UDP: peers, errors of ICMP, broadcast, MSG_MORE
void scene_waiting(Writer& writer);     ///< calls that block, time-outs, processes that end meanwhile
void scene_devices(Writer& writer);     ///< further devices and addresses, SO_BINDTODEVICE
void scene_queue(Writer& writer);       ///< a listener's queue and its overflow
void scene_packets(Writer& writer);     ///< packets held, let go and lost
void scene_firewall(Writer& writer);    ///< a connection or datagrams under rules

}  // namespace loopscope::judge
