# Completion of loopscope's command line for bash. Installed as share/bash-completion/completions/loopscope.

_loopscope_lessons() {
  # The lessons as `loopscope lessons` lists them: '   3  03-journey  …'.
  "$1" lessons 2>/dev/null | sed -n 's/^ *[0-9][0-9]*  \([0-9][0-9]-[a-z0-9-]*\) .*/\1/p'
}

_loopscope() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
  local window='--lesson --lessons --allow-programs --page --theme --scale --screenshot --steps --step-by --predict --seed --tab --settings --size --help --version'
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -W "run predict check rules explain watch lessons cases case tour kernel test doctor shots $window" -- "$current"
      [ -z "$current" ] || { compgen -f -X '!*.@(lab|jsonl)' -- "$current"; compgen -d -- "$current"; })
    return
  fi
  case $previous in
    --lessons | --all | check | preview)
      if [ "$previous" != check ] || [ "$command" = lessons ]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
      fi ;;
    --trace | --pcap | --screenshot | --output)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return ;;
    --lesson)
      mapfile -t COMPREPLY < <(compgen -W "$(_loopscope_lessons "${COMP_WORDS[0]}")" -- "$current")
      return ;;
    --theme)
      mapfile -t COMPREPLY < <(compgen -W 'dark light' -- "$current")
      return ;;
    --step-by)
      mapfile -t COMPREPLY < <(compgen -W 'chapter call packet' -- "$current")
      return ;;
  esac
  if [ "$command" = watch ]; then
    # After -- stands a program, then whatever it takes.
    if [ "$previous" = -- ]; then
      mapfile -t COMPREPLY < <(compgen -c -- "$current")
      return
    fi
    case " ${COMP_WORDS[*]:2:COMP_CWORD-2} " in
      *' -- '*)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return ;;
    esac
  fi
  local options=
  case $command in
    run) options='--here --step --json --allow-programs --bridge --trace --pcap --help' ;;
    predict) options='--json --help' ;;
    check) options='--json --allow-programs --help' ;;
    rules) options='--json --markdown --help' ;;
    explain) options='--tcp --udp --with --try --json --help' ;;
    watch) options='--here --json --output --help' ;;
    lessons) options='--lessons --allow-programs --json --form --all --help' ;;
    tour) options='--lessons --allow-programs --help' ;;
    cases | case) options='--help' ;;
    kernel) options='--questions --rule --seed --scores --help' ;;
    test) options='--seed --help' ;;
    doctor) options='--json --help' ;;
    shots) options='--help' ;;
    -*) options=$window ;;
  esac
  case $command:$current in
    *:-*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current") ;;
    run:* | predict:* | check:*)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -X '!*.lab' -- "$current"; compgen -d -- "$current") ;;
    test:*)
      if [ "$previous" = export ]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -W export -- "$current")
      fi ;;
    shots:*)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    case:*) mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" cases 2>/dev/null | sed -n 's/^ *\([0-9][0-9]*\)  .*/\1/p')" -- "$current") ;;
    lessons:*)
      if [ "$COMP_CWORD" -eq 2 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'new check preview export' -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -W "$(_loopscope_lessons "${COMP_WORDS[0]}")" -- "$current")
      fi ;;
    tour:*) mapfile -t COMPREPLY < <(compgen -W "$(_loopscope_lessons "${COMP_WORDS[0]}")" -- "$current") ;;
  esac
}

complete -F _loopscope loopscope
