# Completion of loopscope's command line for bash. Installed as share/bash-completion/completions/loopscope.

_loopscope_lessons() {
  # The lessons as `loopscope lessons` lists them: '   3  03-journey  …'.
  "$1" lessons 2>/dev/null | sed -n 's/^ *[0-9][0-9]*  \([0-9][0-9]-[a-z0-9-]*\) .*/\1/p'
}

_loopscope() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'run lessons tour doctor --help --version' -- "$current")
    return
  fi
  case $previous in
    --trace | --pcap)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return ;;
  esac
  local options=
  case $command in
    run) options='--here --step --json --trace --pcap --help' ;;
    lessons) options='--help' ;;
    tour) options='--help' ;;
    doctor) options='--json --help' ;;
  esac
  case $command:$current in
    *:-*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current") ;;
    run:*)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -X '!*.lab' -- "$current"; compgen -d -- "$current") ;;
    tour:*) mapfile -t COMPREPLY < <(compgen -W "$(_loopscope_lessons "${COMP_WORDS[0]}")" -- "$current") ;;
  esac
}

complete -F _loopscope loopscope
