#!/bin/sh
# The rules of validate-production-env.ts for hosts without Node: POSIX sh, find, tr and awk.
# One table of cases (fixtures/environment/production-env-cases.json) tests both.
#
# Where they differ: this one reads YAML line by line. What it cannot read exactly (anchors, aliases,
# tags, block scalars as values) it refuses as unclear, so it may refuse what the other accepts.
# Known to pass it by: escapes in a quoted key ("IS\x5fTESTING"), KEY=value folded over several lines
# of a plain scalar, and a YAML line that starts with ";" or "//", which it takes for a comment.
set -u
LC_ALL=C
export LC_ALL

help='Checks that a production environment can never run in test mode.

Required: APP_ENV=production (said, not left to the default), TESTING unset or false, IS_TESTING
on in no file of settings. Defaults of a service: APP_ENV production, TESTING and IS_TESTING false.

Usage: sh scripts/validate-production-env.sh [options]

  --root DIR        the deployed project (default: the current folder)
  --variables FILE  production'"'"'s variables as KEY=value lines, instead of this process'"'"' own
  --strict          warnings count as errors
  --help            print this

Exit code: 0 may go to production, 1 must not, 70 could not be checked.

Examples:
  APP_ENV=production sh scripts/validate-production-env.sh
  sh scripts/validate-production-env.sh --root ../shop --variables ../shop/.env.production'

file_bytes_max=1048576
entries_max=200000

fail() {
  printf '%s\nfix: %s\n[%s]\n' "$2" "$3" "$1" >&2
  exit 70
}

usage() {
  fail H_CLI_USAGE "$1" 'Read: sh scripts/validate-production-env.sh --help'
}

root=. variables_file='' strict=0
while [ $# -gt 0 ]; do
  case $1 in
    --root | --variables) [ $# -gt 1 ] && [ -n "$2" ] || usage "Option '$1' needs a value." ;;
  esac
  case $1 in
    --root) root=$2 && shift ;;
    --root=*) root=${1#*=} ;;
    --variables) variables_file=$2 && shift ;;
    --variables=*) variables_file=${1#*=} ;;
    --strict) strict=1 ;;
    --help | -h) printf '%s\n' "$help" && exit 0 ;;
    *) usage "Unknown option '$1'" ;;
  esac
  shift
done

if [ -n "$variables_file" ]; then
  [ -f "$variables_file" ] && [ -r "$variables_file" ] || fail H_ENVIRONMENT_FILE \
    "The file of variables $variables_file cannot be read." \
    'Name a readable file of KEY=value lines with --variables.'
  case $variables_file in /*) ;; *) variables_file=$PWD/$variables_file ;; esac
fi
[ -n "$root" ] && cd -P -- "$root" 2>/dev/null || fail H_ENVIRONMENT_ROOT \
  "The folder $root cannot be opened." 'Name the root folder of the deployed project.'
base=$(pwd -P)

# Every entry below the root, without other people's code and what tools wrote.
list_entries() {
  find . \( -name node_modules -o -name .git -o -name .venv -o -name venv -o -name site-packages \
    -o -name vendor -o -name __pycache__ -o -name coverage -o -name .tally -o -name .vitest \) \
    -prune -o ! -type d -print 2>/dev/null || printf '%s\n' '?'
}

# The file, behind a line that names it; or a line that says why it was not read. The control
# characters that mark these lines are taken out of what the files hold.
print_file() {
  target=$1
  if [ -L "$1" ]; then
    target=$(realpath "$1" 2>/dev/null || readlink -f "$1" 2>/dev/null) || target=''
    [ -n "$target" ] && [ -e "$target" ] || { not_read "$1" 'it cannot be opened'; return; }
    case $target in
      "${base%/}"/*) ;;
      *) not_read "$1" 'it is a link that leads out of the root'; return ;;
    esac
    case ${target#"${base%/}"}/ in
      */config/* | */env/* | */envs/* | */environments/*) [ -d "$target" ] && return ;;
    esac
  fi
  if [ ! -f "$target" ]; then
    not_read "$1" 'it is not a regular file'
  elif [ ! -r "$target" ]; then
    not_read "$1" 'it cannot be opened'
  elif [ "$(($(wc -c <"$target")))" -gt "$file_bytes_max" ]; then
    not_read "$1" "it has more than $file_bytes_max bytes"
  else
    printf '\001%s\n' "${1#./}"
    tr -d '\000\001\002' <"$target"
    printf '\n'
  fi
}

not_read() {
  printf '\002%s\t%s\n' "${1#./}" "$2"
}

awk_paths='
function is_code(path) { return path ~ /\.([cm]?[jt]s|[jt]sx|py|go|rb|php|java|kt|cs|rs)$/ }
function is_for_tests(path) {
  path = tolower(path)
  if (path ~ /(^|[\/._-])(prod|production|deploy|release)([\/._-]|$)/) return 0
  return path ~ /(^|[\/._-])(tests?|testing|spec|e2e|examples?|samples?|template|fixtures)([\/._-]|$)/
}
function is_settings(path) {
  if (path ~ /\.(md|mdx|rst|adoc)$/) return 0
  if (path ~ /(^|\/)(config|env|envs|environments)(\/|$)/) return 1
  if (path ~ /(^|\/)(\.?env[^\/]*|[^\/]*\.env|(docker-)?compose[^\/]*\.ya?ml)$/) return 1
  return path ~ /^\.github\/workflows\/.*\.ya?ml$/
}
function is_source(path) {
  return path ~ /(^|\/)(src|app|lib|server)\// && is_code(path) && !is_for_tests(path)
}
'

awk_select='
NR > max { print "!"; exit }
$0 == "?" { print; next }
{ path = substr($0, 3) }
# A name with a line break arrives in two parts, neither of which may be overlooked.
substr($0, 1, 2) != "./" { print; next }
is_settings(path) || is_source(path)
'

awk_judge='
BEGIN {
  quote = "[\"\047]?"
  names = "(IS_TESTING|TESTING|APP_ENV)"
  load_variables()
  print "Production environment of " ENVIRON["VALIDATE_ROOT"]
  judge_variables()
}
/^\001/ { start_file(substr($0, 2)); next }
/^\002/ { judge_unread(substr($0, 2)); next }
/^\003/ { broken = 1; exit }
{
  number++
  if (number == 1) sub(/^(\357\273\277|\377\376|\376\377)/, "")
  parts = split($0, lines, "\r")
  for (part = 1; part <= parts; part++) judge_line(lines[part])
}
END {
  if (broken) exit 70
  printf "%s: %d checks, %d errors, %d warnings.\n", \
    errors ? "Must not go to production" : "May go to production", checks, errors, warnings
  exit errors ? 1 : 0
}

# Variables

function load_variables(   text, line, name) {
  if (ENVIRON["VALIDATE_VARIABLES_FILE"] == "") {
    for (name in ENVIRON) variables[name] = ENVIRON[name]
    return
  }
  while ((getline line <ENVIRON["VALIDATE_VARIABLES_FILE"]) > 0) text = text line "\n"
  sub(/^\357\273\277/, "", text)
  gsub(/\r\n/, "\n", text)
  gsub(/\r/, "\n", text)
  while (text != "") text = load_variable(text)
}

# Takes the first assignment, comment or empty line off the text. A quoted value may have lines.
function load_variable(text,   line, rest, name, mark, value, at) {
  sub(/^[ \t\n]+/, "", text)
  at = index(text, "\n")
  line = at ? substr(text, 1, at - 1) : text
  rest = at ? substr(text, at + 1) : ""
  at = index(line, "=")
  if (line ~ /^#/ || at == 0) return rest
  name = trim(substr(line, 1, at - 1))
  sub(/^export[ \t]+/, "", name)
  value = trim(substr(line, at + 1))
  mark = substr(value, 1, 1)
  if (mark ~ /["\047`]/) {
    text = substr(text, at + 1)
    text = substr(text, index(text, mark) + 1)
    at = index(text, mark)
    if (at) {
      variables[name] = substr(text, 1, at - 1)
      text = substr(text, at + 1)
      at = index(text, "\n")
      return at ? substr(text, at + 1) : ""
    }
  }
  sub(/#.*/, "", value)
  variables[name] = trim(value)
  return rest
}

function judge_variables(   value, fix) {
  checks = 3
  value = variables["APP_ENV"]
  fix = "Set APP_ENV=production."
  if (trim(value) == "") {
    finding("error", "environment/app-env", "APP_ENV is not set. A service defaults to production; a deployment must say so.", fix)
  } else if (tolower(trim(value)) != "production") {
    finding("error", "environment/app-env", "APP_ENV is " show(value) ", not \"production\".", fix)
  } else if (value != "production") {
    finding("warning", "environment/app-env", "APP_ENV is " show(value) ": read as production, but case or spaces differ, and another reader may compare exactly.", fix)
  }
  judge_switch("TESTING", "environment/testing")
  judge_switch("IS_TESTING", "environment/is-testing")
}

function judge_switch(name, check,   value, state) {
  value = variables[name]
  state = read_switch(name, value)
  if (state == "off") return
  finding("error", check, name " is " (state == "on" ? "on (" show(value) ")." : show(value) ", which is none of true, 1, yes, false, 0, no."), "Unset " name ", or set it to false.")
}

# What a value means

function is_on(name, value) {
  value = tolower(trim(value))
  return name == "APP_ENV" ? value ~ /^(testing|test)$/ : value ~ /^(true|1|yes)$/
}

function read_switch(name, value) {
  if (is_on(name, value)) return "on"
  return name == "APP_ENV" || trim(value) == "" || tolower(trim(value)) ~ /^(false|0|no|null|~)$/ ? "off" : "unclear"
}

# With a $ a value of a file is decided elsewhere: on when a word of it is, or names a variable that is.
function read_switch_in_file(name, value,   words, count, i) {
  if (!index(value, "$")) return read_switch(name, value)
  count = split(value, words, /[^A-Za-z0-9_]+/)
  for (i = 1; i <= count; i++) if (is_on(name, words[i]) || is_on(name, variables[words[i]])) return "on"
  return "off"
}

# Only harmless words are printed: a secret pasted into the wrong variable must not leak.
function show(value,   word) {
  word = tolower(trim(value))
  if (word ~ /^(true|false|yes|no|on|off|[01]|y|n|t|f|null|enabled|disabled)$/) return "\"" value "\""
  if (word ~ /^(prod|production|test|testing|ci|qa|dev|development|local|staging)$/) return "\"" value "\""
  return "a value of " length(value) " characters, not shown here"
}

# Files

function start_file(name) {
  path = name
  number = branch_ends = 0
  previous = ""
  settings = is_settings(path)
  source = is_source(path)
  code = is_code(path)
  for_tests = is_for_tests(path)
  checks++
}

function judge_unread(line,   parts) {
  split(line, parts, "\t")
  checks++
  finding(is_settings(parts[1]) && is_for_tests(parts[1]) || is_source(parts[1]) && !is_settings(parts[1]) ? "warning" : "error", \
    "environment/file-not-read", parts[1] " was not read: " parts[2] ".", \
    "Make it a readable file of at most 1 MiB inside the root, or move it out of what is deployed.")
}

function judge_line(raw,   line) {
  if (source) judge_source(tolower(raw))
  if (!settings) return
  line = without_comment(raw)
  gsub(/\\/, "", line)
  gsub(/\$\{/, "$", line)
  if (trim(line) == "") return
  judge_assignments(line)
  judge_below(previous, line)
  judge_pair(previous, line)
  previous = line
}

# A # starts a comment at the start of the line, or behind a space and outside quotes.
function without_comment(line,   from, before) {
  if (line ~ /^[ \t]*(#|;|\/\/)/) return ""
  if (line ~ /^[ \t]*\/?\*/ && index(line, "*/") == 0) return ""
  from = 1
  while (match(substr(line, from), /[ \t]#/)) {
    from += RSTART
    before = substr(line, 1, from - 2)
    if (is_even(before, "\"") && is_even(before, "\047")) return before
  }
  return line
}

function is_even(text, character) { return split(text, evens, character) % 2 == 1 || text == "" }

function judge_assignments(line,   name, before, rest, read, value) {
  before = " "
  rest = line
  while (match(rest, names)) {
    name = substr(rest, RSTART, RLENGTH)
    if (RSTART > 1) before = substr(rest, RSTART - 1, 1)
    read = substr(line, 1, length(line) - length(rest) + RSTART - 1)
    rest = substr(rest, RSTART + RLENGTH)
    if (before !~ /[A-Za-z0-9_$]/ && match(rest, "^" quote "\\]?[ \t]*(:=|=>|[:=])")) {
      value = substr(rest, RLENGTH + 1)
      if (value !~ /^=/) judge(name, read_value(value, is_word(read, substr(rest, 1, RLENGTH))))
    }
    before = "G"
  }
}

# KEY: with its value on the next line.
function judge_below(above, line) {
  if (line ~ /^[ \t]*(-|["\047<A-Za-z0-9_.\/-]+[ \t]*[:=])/) return
  if (match(above, "^[ \t]*[?][ \t]+" quote names quote "[ \t]*[:=]?[ \t]*$") || \
      match(above, "(^|[^A-Za-z0-9_$])" names quote "[ \t]*[:=][ \t]*$"))
    judge(name_in(substr(above, RSTART)), read_value(line, 0))
}

# name: KEY beside, above or below value: x.
function judge_pair(above, line,   name) {
  name = name_of_pair(line)
  if (name != "") {
    judge_value_of(name, line)
    if (line !~ /^[ \t]*[-\{]/) judge_value_of(name, above)
  }
  name = name_of_pair(above)
  if (name != "") judge_value_of(name, line)
}

function name_of_pair(line) {
  if (!match(line, "(^|[^A-Za-z0-9_])name" quote "[ \t]*[:=][ \t]*" quote names quote "[ \t]*([,}]|$)")) return ""
  return name_in(substr(line, RSTART, RLENGTH))
}

function judge_value_of(name, line,   start, end) {
  if (!match(line, "(^|[^A-Za-z0-9_])value" quote "[ \t]*[:=]")) return
  start = RSTART
  end = RSTART + RLENGTH
  judge(name, read_value(substr(line, end), is_word(substr(line, 1, start), substr(line, start, end - start))))
}

function name_in(line) {
  match(line, names)
  return substr(line, RSTART, RLENGTH)
}

# KEY: value takes the whole line, unless a bracket before it says that more may follow.
function is_word(before, delimiter) { return delimiter ~ /=$/ || before ~ /[\{\[(]/ }

# The value at the start of the text: quoted, an expression of a workflow, or bare.
function read_value(text, word,   mark, at, bare) {
  sub(/^[ \t]+/, "", text)
  mark = substr(text, 1, 1)
  if (mark == "\"" || mark == "\047") {
    text = substr(text, 2)
    at = index(text, mark)
    return at ? substr(text, 1, at - 1) : text
  }
  if (substr(text, 1, 2) == "${") {
    at = index(text, "}}")
    return at ? substr(text, 1, at - 1) : text
  }
  bare = substr(text, 2)
  if (mark == "$") sub(/[ \t].*/, "", bare)
  else sub(/[ \t,;}\])"\047`].*/, "", bare)
  bare = mark ~ /[ \t,}\]]/ ? "" : mark bare
  # "true, ..." is on whatever follows, but "no, ..." is off only when nothing follows.
  if (word || mark != "$" && read_switch("TESTING", bare) != "off") return bare
  sub(/[ \t,;}\])"\047`]+$/, "", text)
  return text
}

function judge(name, value,   state) {
  state = read_switch_in_file(name, value)
  if (state == "off" || state == "unclear" && code) return
  finding(for_tests ? "warning" : "error", "environment/test-mode-in-file", \
    path ":" number ": " name (state == "on" ? " puts the service into test mode (" (index(value, "$") ? "an expression that can be on" : show(value)) ")." : " is " show(value) ", which is none of true, 1, yes, false, 0, no.") \
    (for_tests ? " Only a warning, because the name says it is for tests." : ""), \
    "Remove " name " from the file, or switch it off there.")
}

function judge_source(line,   what) {
  if (line ~ /^[ \t]*(#|\/\/|\/?\*)/) return
  if (line ~ /(^|[^a-z])(if|elif|unless|when)[ \t(!].*(is_?testing|[^a-z]testing)/) branch_ends = number + 3
  if (number <= branch_ends && line ~ /return[ \t(]*(["\047`\{\[]|true([^a-z_]|$))/) what = "a fixed answer in a branch on test mode"
  else if (line ~ /(mock|fake|dummy)[_-]?user|(^|[^a-z])test[_-]?user/) what = "an invented user"
  else if (line ~ /mock[_-]?response|mock[_-]?testing/) what = "an invented answer"
  else if (line ~ /["\047`](sk|pk|api|key)[_-]test|test[_-]?api[_-]?key["\047]?[ \t]*[:=][ \t]*["\047`]/) what = "a hard-coded test key"
  else if (line ~ /(from|require\(|import)[ \t]*["\047](nock|msw|sinon)["\047\/]|unittest\.mock/) what = "a mocking library"
  if (what != "") finding("warning", "environment/test-pattern", path ":" number ": deployed source holds " what ".", "Move it to the tests, or let tests inject it.")
}

function finding(severity, check, message, fix) {
  if (strict) severity = "error"
  if (severity == "error") errors++
  else warnings++
  printf "  %-7s  %s  %s\n           fix: %s\n", severity, check, message, fix
}

function trim(text) {
  gsub(/^[ \t\r\n]+|[ \t\r\n]+$/, "", text)
  return text
}
'

list_entries | awk -v max="$entries_max" "$awk_paths$awk_select" | while IFS= read -r path; do
  case $path in
    '?') printf '\002.\tone of its folders cannot be opened\n' ;;
    '!') printf '\003\n' ;;
    *) print_file "$path" ;;
  esac
done | VALIDATE_ROOT=$root VALIDATE_VARIABLES_FILE=$variables_file awk -v strict="$strict" "$awk_paths$awk_judge"
status=$?
case $status in
  0 | 1) exit "$status" ;;
  *) fail H_ENVIRONMENT_LIMIT "The folder $root has more than $entries_max files, or awk failed ($status)." \
    'Name the folder of the project that is deployed.' ;;
esac
