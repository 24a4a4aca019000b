#pragma once

#include "app/notation/mask.hpp"
#include "app/views/stage_facts.hpp"
#include "app/views/stage_model.hpp"

/// The steps that make a stage model, in the order in which model_at takes them. Each is pure and fills its
/// part of the model.
namespace loopscope::app::stage {

using notation::Mask;

/// All of them.
[[nodiscard]] Model model_of(const Facts& facts, const Input& input);

/// Processes and columns, left to right.
void add_processes(Model& model, const Facts& facts, const Input& input);
/// Sockets with their queues, put into the columns.
void add_sockets(Model& model, const Facts& facts, const Mask& mask);
/// Doors, the way between two of them, and the packets on it.
void add_network(Model& model, const Facts& facts, const Input& input);
/// The opponent of a call that failed, the verdict, and what is lit and dimmed.
void add_verdict(Model& model, const Facts& facts, const Input& input);

[[nodiscard]] std::optional<std::size_t> find_process(const Model& model, std::string_view name);
[[nodiscard]] std::optional<std::size_t> column_of(const Model& model, std::string_view process);
[[nodiscard]] const Descriptor* find_descriptor(const Facts& facts, std::string_view process, int fd);
/// Whether a socket bound to `one` may get what is sent to `other`: the same address, or one of them is the
/// unspecified one.
[[nodiscard]] bool addresses_meet(const IpAddress& one, const IpAddress& other);

}  // namespace loopscope::app::stage
