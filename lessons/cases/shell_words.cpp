#include "lessons/cases/shell_words.hpp"

namespace loopscope::lessons {

std::string shell_start(const Case& one, bool checks_at_exit) {
  std::string text = R"(unset BASH_ENV HISTFILE
loopscope_ask() {
  local line
  printf '?%s\n' "$1" >&9 || return 1
  while IFS= read -r -u 9 line; do
    case $line in
      .*) return "${line#.}" ;;
      *) printf '%s\n' "${line# }" ;;
    esac
  done
  return 1
}
hint() { loopscope_ask hint; }
check() { loopscope_ask check; }
give-up() { loopscope_ask give-up; }
help() {
  echo 'hint     the next hint'
  echo 'check    has a client outside try the service'
  echo 'give-up  shows what happened'
  echo 'exit     leaves the lab'
}
alias ls='ls --color=auto' grep='grep --color=auto'
)";
  if (one.administrator) text += "sudo() { \"$@\"; }\n";
  text += "PS1='\\[\\e[1;32m\\]lab@" + one.host + "\\[\\e[0m\\]:\\[\\e[1;34m\\]\\w\\[\\e[0m\\]\\$ '\n";
  if (checks_at_exit) text += "trap 'loopscope_ask leave' EXIT\n";
  return text;
}

}  // namespace loopscope::lessons
