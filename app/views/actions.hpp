#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/emulator/stroke.hpp"
#include "sim/experiment/terms.hpp"
#include "sim/lab/session.hpp"
#include "sim/trace/event.hpp"

/// What a learner asked for with a click or a key. Views fill a list of these; the app's controller carries
/// them out after the frame.
namespace loopscope::app {

namespace action {
struct GoHome {};
struct OpenLesson {
  std::string id;
};
struct GoToPage {
  int page;
};
struct StepForward {};
struct StepBack {};  ///< one event back in what has happened
struct JumpTo {
  Nanoseconds moment;
};
struct JumpToStart {};
struct JumpToEnd {};
struct PlayPause {};
struct StartOver {};
struct SetStepBy {
  lab::StepBy by;
};
struct SetSpeed {
  float slower;
};  ///< 20'000 means 20,000 times slower than it was
struct Predict {
  std::optional<experiment::Result> guess;
};
struct Perform {
  std::vector<std::string> lines;
};  ///< acts in the live world
/// Where experiments run: on this machine's own loopback, or in a private lab. Begins the run anew.
struct SetOnThisMachine {
  bool on;
};
/// Has a listener of the live run drop what comes, without a firewall: see lab::Session::block_listener.
struct BlockListener {
  std::string process, variable;
  bool on;
};
// ---- files
struct AskForFile {};      ///< which file to open
struct AskWhereToSave {};  ///< the experiment as it is written by now
struct LookAtPath {
  std::string text;
};  ///< what stands in the dialog's field: Files::dialog tells what it can be completed to
/// An experiment (.lab) or a trace (JSON Lines). One that starts programs is asked about first.
struct OpenFile {
  std::string path;
};
struct AllowPrograms {
  bool yes;
};
struct SaveExperiment {
  std::string path;
  bool replace;  ///< another file that is there
};
struct CloseFiles {};  ///< puts dialog, question and problems away; a question is answered with no
/// Takes back what was done by hand last: the run begins anew, and all that was done before is done again.
struct Undo {};
struct Redo {};  ///< does again what was taken back
struct LetGo {
  trace::HeldId id;
};
struct DropPacket {
  trace::HeldId id;
};
struct DelayPacket {
  trace::HeldId id;
  int milliseconds;
};
/// Runs the experiment again in a fresh world with Explanation::remedies[index] of the step at the playhead.
struct TryRemedy {
  std::size_t index;
};
struct LeaveTrial {};          ///< back from a remedy to the run it came from
struct ReportDisagreement {};  ///< writes the experiment to a file, where the kernel and the model differ
struct AnswerQuiz {
  std::string id;
  int choice;
};
struct Select {
  std::string what;
};  ///< "socket:COOKIE", "packet:INDEX", "call:ID": the same thing lit in every view; "" clears
// ---- the game and the test
struct OpenGame {};  ///< you are the kernel
struct OpenTest {};  ///< twelve questions, before the course and after it
struct AnswerCall {
  std::optional<std::size_t> choice;  ///< of the question's answers; nothing: 'I don't know'
};
struct NextCall {};
struct ExportTest {};  ///< the results as CSV, beside the progress file
/// The lesson's run at the question, as it was when the kernel answered otherwise than predicted.
struct ReplaySurprise {
  std::size_t index;  ///< of Progress::surprises
};
struct OpenSettings {};
struct CloseSettings {};
struct SetTheme {
  bool dark;
};
struct SetScale {
  float scale;
};
struct SetReducedMotion {
  bool on;
};
struct SetProjector {
  bool on;
};
struct SetPanels {
  float lesson_width, inspector_width, sequence_height;  ///< points; see Settings
};
struct SetInspectorTab {
  int tab;  ///< 0 sockets, 1 packets, 2 calls, 3 code, 4 try it
};
struct SetCommandSystem {
  std::string system;  ///< "Linux", "macOS", "Windows"
};
struct CopyText {
  std::string text;
};
struct DismissNotice {
  std::size_t index;
};  ///< of Snapshot::notices
// ---- cases
struct OpenCase {
  std::string id;
};
struct CheckCase {};
struct NextHint {};
struct GiveUpCase {};
struct NewShell {};     ///< in place of one that has ended
struct RestartCase {};  ///< a fresh broken world
struct TypeInTerminal {
  std::vector<TerminalStroke> strokes;
};
struct ResizeTerminal {
  int columns, rows;
};
struct Quit {};
}  // namespace action

using Action = std::variant<
    action::GoHome, action::OpenLesson, action::GoToPage, action::StepForward, action::StepBack,
    action::JumpTo, action::JumpToStart, action::JumpToEnd, action::PlayPause, action::StartOver,
    action::SetStepBy, action::SetSpeed, action::Predict, action::Perform, action::SetOnThisMachine,
    action::BlockListener, action::Undo, action::Redo, action::AskForFile, action::AskWhereToSave,
    action::LookAtPath, action::OpenFile, action::AllowPrograms, action::SaveExperiment, action::CloseFiles,
    action::LetGo, action::DropPacket, action::DelayPacket, action::TryRemedy, action::LeaveTrial,
    action::ReportDisagreement, action::AnswerQuiz, action::OpenGame, action::OpenTest, action::AnswerCall,
    action::NextCall, action::ExportTest, action::ReplaySurprise, action::Select, action::OpenSettings,
    action::CloseSettings, action::SetTheme, action::SetScale, action::SetReducedMotion, action::SetProjector,
    action::SetPanels, action::SetInspectorTab, action::SetCommandSystem, action::CopyText,
    action::DismissNotice, action::OpenCase, action::CheckCase, action::NextHint, action::GiveUpCase,
    action::NewShell, action::RestartCase, action::TypeInTerminal, action::ResizeTerminal, action::Quit>;
using Actions = std::vector<Action>;

}  // namespace loopscope::app
