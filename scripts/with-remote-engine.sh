#!/bin/sh
# A second Docker engine on this machine that is elsewhere for everybody else: only a network leads to
# it, and its host name is another. No bridge, no address and no container is shared with the first one.
set -eu

help='Runs a command against a Docker engine on "another machine": one in namespaces of its own (network,
host name, processes, mounts), which is started for it and removed afterwards, with all it ran.

Usage: sh scripts/with-remote-engine.sh [options] COMMAND...

  --tls            the engine speaks TLS only, and only to who has a certificate of its authority
  --hostname NAME  of its machine (default: elsewhere)
  --help           print this

The command gets DOCKER_HOST, and with --tls DOCKER_TLS_VERIFY and DOCKER_CERT_PATH. The engine has the
images of TALLY_POSTGRES_IMAGE and TALLY_PROMETHEUS_IMAGE, else those of docker-compose.yml, copied from
the engine of this machine.

Exit code: that of the command; 77 where such an engine cannot be made, and a line that says why.

Examples:
  sh scripts/with-remote-engine.sh npx vitest run harness/stack/containers
  sh scripts/with-remote-engine.sh --tls npm run verify -- --stack containers'

not_run() { printf 'not run: %s\n' "$1" >&2 && exit 77; }
failed() { printf '%s\n' "$1" >&2 && exit 70; }

tls=0 name=elsewhere
while [ $# -gt 0 ]; do
  case $1 in
    --tls) tls=1 ;;
    --hostname) [ $# -gt 1 ] || failed 'fix: give --hostname a value' && name=$2 && shift ;;
    --help | -h) printf '%s\n' "$help" && exit 0 ;;
    -*) failed "Unknown option '$1'. fix: read sh scripts/with-remote-engine.sh --help" ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || failed 'There is no command. fix: read sh scripts/with-remote-engine.sh --help'

image() { sed -n "s/.*image: *\${TALLY_$1_IMAGE:-\(.*\)}.*/\1/p" "$(dirname "$0")/../docker-compose.yml"; }
postgres=${TALLY_POSTGRES_IMAGE:-$(image POSTGRES)}
prometheus=${TALLY_PROMETHEUS_IMAGE:-$(image PROMETHEUS)}

[ "$(id -u)" = 0 ] || not_run 'only root can give an engine a network of its own'
for tool in docker dockerd ip iptables openssl pgrep unshare; do
  command -v "$tool" >/dev/null || not_run "there is no $tool here"
done
isolate() { exec unshare --net --uts --mount --pid --fork --kill-child --mount-proc "$@"; }
(isolate true) 2>/dev/null || not_run 'the kernel gives no new namespaces here'
docker image inspect "$postgres" "$prometheus" >/dev/null 2>&1 ||
  not_run "the engine of this machine does not answer, or has no $postgres or no $prometheus"

folder=$(mktemp -d) link=tally$$ engine='' machine=''
# From the addresses that are set apart for measurements between two networks.
near=198.18.$(($$ % 256)).1 far=198.18.$(($$ % 256)).2

finish() {
  status=$?
  set +e
  trap - EXIT INT TERM
  # Cleanly if it can. Its containers and mounts end with its namespaces in any case.
  if [ -n "$engine" ]; then
    kill "$machine" && timeout 20 sh -c "while kill -0 $machine; do sleep 0.1; done"
    kill -KILL "$engine"
    wait "$engine"
  fi 2>/dev/null
  rm -rf "$folder"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# An authority, and one certificate of it for both ends.
certify() {
  key='-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'
  openssl req $key -subj /CN=authority -keyout ca-key.pem -out ca.pem
  openssl req $key -subj /CN=engine -addext "subjectAltName=IP:$far,IP:127.0.0.1" \
    -addext basicConstraints=critical,CA:FALSE -CA ca.pem -CAkey ca-key.pem -keyout key.pem -out cert.pem
}
port=2375 security=--tls=false
if [ "$tls" = 1 ]; then
  (cd "$folder" && certify) 2>"$folder/log" || failed "$(cat "$folder/log")"
  port=2376
  security="--tlsverify --tlscacert=$folder/ca.pem --tlscert=$folder/cert.pem --tlskey=$folder/key.pem"
  export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$folder"
fi

mkdir "$folder/disk"
isolate sh -c '
  hostname "$1"
  ip link set lo up
  until ip address add "$2/30" dev eth0; do sleep 0.05; done 2>/dev/null
  ip link set eth0 up
  # In memory, and so gone with its mounts.
  mount -t tmpfs engine "$3"
  shift 3
  exec dockerd "$@"
' engine "$name" "$far" "$folder/disk" --data-root "$folder/disk/data" --exec-root "$folder/disk/exec" \
  --pidfile "$folder/disk/pid" --host "tcp://$far:$port" $security >"$folder/log" 2>&1 &
engine=$!
machine=$(timeout 5 sh -c "until pgrep -P $engine; do sleep 0.05; done")
ip link add "$link" type veth peer name eth0 netns "$machine"
ip address add "$near/30" dev "$link"
ip link set "$link" up

mine=${DOCKER_HOST:-}
export DOCKER_HOST="tcp://$far:$port"
timeout 60 sh -c 'until docker info; do sleep 0.1; done' >/dev/null 2>&1 || failed "$(tail -n 20 "$folder/log")"
env -u DOCKER_TLS_VERIFY DOCKER_HOST="$mine" docker save "$postgres" "$prometheus" | docker load --quiet
"$@"
