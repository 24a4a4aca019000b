#pragma once

#include <cstddef>
#include <vector>

#include "sim/experiment/statement.hpp"

/// What a learner may choose from when a question asks for the result of the next statement.
namespace loopscope::app::notation {

/// Three to six results that this call could give, the stated one among them, in an order that says nothing
/// about which it is. `at`: index of the statement with `?=`; a `returns` is asked about the call it waits
/// for.
[[nodiscard]] std::vector<experiment::Result> choices_for(const experiment::Experiment& experiment,
                                                          std::size_t at);

/// The result in a learner's words, beside its name: 'EADDRINUSE' gives 'Address already in use', `blocks`
/// 'it waits'. May be empty.
[[nodiscard]] std::string words_for(const experiment::Result& result);
/// The question itself: 'What does bind(r, 127.0.0.1:62893) of rival give?'
[[nodiscard]] std::string question_for(const experiment::Experiment& experiment, std::size_t at);

}  // namespace loopscope::app::notation
