#!/usr/bin/env bash
# Five servers, each in a network namespace of its own, behind one bridge. Cables are cut by routes into
# nowhere, at both ends, while a client writes linearizably once every few milliseconds at the majority.
# Needs root, iproute2 and redis-cli. Everything it makes, it takes away again.
#
#   tools/netns-partitions.sh [DIRECTORY FOR DATA]
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
data="${1:-$(mktemp -d)}"
prefix=gamut-ns
servers=5
pids=()

address() { echo "10.77.0.1$1"; }
inside() { ip netns exec "$prefix$1" "${@:2}"; }
ask() { inside "$1" timeout 6 redis-cli -h "$(address "$1")" -p 7300 "${@:2}"; }

remove() {
  for ((i = 0; i < servers; i++)); do
    ip netns pids "$prefix$i" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
  done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  for ((i = 0; i < servers; i++)); do ip netns delete "$prefix$i" 2>/dev/null || true; done
  ip link delete "${prefix}br" 2>/dev/null || true
}
trap remove EXIT

ip link add "${prefix}br" type bridge
ip link set "${prefix}br" up
for ((i = 0; i < servers; i++)); do
  ip netns add "$prefix$i"
  ip link add "${prefix}v$i" type veth peer name eth0 netns "$prefix$i"
  ip link set "${prefix}v$i" master "${prefix}br" up
  inside "$i" ip address add "$(address "$i")/24" dev eth0
  inside "$i" ip link set eth0 up
  inside "$i" ip link set lo up
done

start() {
  local join=()
  [[ "$1" == 0 ]] || join=(--join "$(address 0):7400")
  inside "$1" env GAMUT_NO_BUILD=1 "$root/gamut" node --id "$1" --data "$data/node-$1" \
    --listen "$(address "$1"):7400" --resp "$(address "$1"):7300" "${join[@]}" \
    >"$data/node-$1.log" 2>&1 &
  pids+=($!)
  until ask "$1" PING >/dev/null 2>&1; do sleep 0.1; done
}
voters() { ask "$1" GAMUT STATUS | sed -n '/^voters$/,/^learners$/p' | grep -c '^[0-9]'; }

mkdir -p "$data"
for ((i = 0; i < servers; i++)); do start "$i"; done
until [[ "$(voters 0)" == "$servers" ]]; do sleep 0.1; done

cable() { # cable cut|mend A B
  local verb=add
  [[ "$1" == cut ]] || verb=delete
  inside "$2" ip route "$verb" blackhole "$(address "$3")/32"
  inside "$3" ip route "$verb" blackhole "$(address "$2")/32"
}

# Writes at a server for some seconds; says how many were acknowledged, and the longest time without.
load() { # load NAME SERVER SECONDS
  local name="$1" at="$2" end now last longest=0 written=0 failed=0
  last=$(date +%s%3N)
  end=$((last + $3 * 1000))
  while now=$(date +%s%3N); ((now < end)); do
    if [[ "$(ask "$at" GAMUT AT linearizable SET "$name" "$((written + 1))" 2>&1)" == OK ]]; then
      written=$((written + 1))
      now=$(date +%s%3N)
      ((now - last > longest)) && longest=$((now - last))
      last=$now
    else
      failed=$((failed + 1))
    fi
  done
  local read
  read="$(ask "$at" GAMUT AT linearizable GET "$name")"
  echo "$name: $written writes at server $at, $failed failed, longest time without $longest ms, read back $read"
  [[ "$read" == "$written" && "$written" -gt 0 ]]
}

status=0
run() { # run NAME SERVER CABLES...
  local name="$1" at="$2" each
  for each in "${@:3}"; do cable cut "${each%-*}" "${each#*-}"; done
  load "$name" "$at" 10 || status=1
  for each in "${@:3}"; do cable mend "${each%-*}" "${each#*-}"; done
  sleep 3
}

run chained 4 0-4
run quorum-loss 4 0-2 0-3 0-4 2-3 2-4 3-4
run constrained-election 4 0-1 0-2 0-3 0-4 2-3 2-4 3-4
run split 4 0-2 0-3 0-4 1-2 1-3 1-4
sleep 3
expected="$(ask 4 GAMUT AT linearizable GET split)"
for ((i = 0; i < servers; i++)); do
  [[ "$(ask "$i" GAMUT AT linearizable GET split)" == "$expected" ]] || status=1
done
[[ "$status" == 0 ]] && echo "all five agree" || echo "not all was as it should be"
exit "$status"
