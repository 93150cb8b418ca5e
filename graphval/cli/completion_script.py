"""Scripts that complete graphval's commands and options in a shell.

They hold the words themselves: starting graphval at every press of a key would be felt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Words = Mapping[str, Sequence[str]]


def script(shell: str, words: Words) -> str:
    """The script for ``shell``, one of :data:`SHELLS`. ``words`` are the commands with their options."""
    return SHELLS[shell](words)


def _bash(words: Words) -> str:
    cases = "\n".join(f"    {name}) options={' '.join(options)!r} ;;" for name, options in words.items())
    return f"""# bash: source <(graphval completion bash)
_graphval() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} options=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '{" ".join(words)}' -- "$word"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{cases}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}}
complete -o filenames -F _graphval graphval"""


def _zsh(words: Words) -> str:
    cases = "\n".join(f"    {name}) options=({' '.join(options)}) ;;" for name, options in words.items())
    return f"""#compdef graphval
# zsh: graphval completion zsh > a folder of $fpath, as _graphval
_graphval() {{
  local -a options
  if (( CURRENT == 2 )); then
    compadd {" ".join(words)}
    return
  fi
  case $words[2] in
{cases}
  esac
  if [[ $words[CURRENT] == -* ]]; then compadd -- $options; else _files; fi
}}
compdef _graphval graphval"""


def _fish(words: Words) -> str:
    lines = ["# fish: graphval completion fish > ~/.config/fish/completions/graphval.fish"]
    lines.append(f"complete -c graphval -n __fish_use_subcommand -f -a '{' '.join(words)}'")
    for name, options in words.items():
        lines += [
            f"complete -c graphval -n '__fish_seen_subcommand_from {name}' -l {option.removeprefix('--')}"
            for option in options
        ]
    return "\n".join(lines)


SHELLS: Mapping[str, Callable[[Words], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
