#!/usr/bin/env bash
# Measures the gateway beside the floor. README.md says how to run it and how to read it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

usage() {
	cat <<-'END'
		Usage: run.sh [option...] [scenario...]

		Scenarios: json sse keys groups memory (default: these),
		           builds (needs --base-jar), records records-sse pages (on MariaDB)

		  --rounds N                measured rounds of each proxy (5)
		  --duration SECONDS        length of a round (10)
		  --warmup REQUESTS         sent to each fresh process before its first round (60000)
		  --forks N                 fresh processes, each with its own warm-up and rounds (1)
		  --connections N           connections of wrk (32)
		  --pause MS                mean pause of a connection between its measured requests (0)
		  --requests N              requests of the memory scenario (200000)
		  --rows N                  request records of the pages scenario (10000000)
		  --chunk-delay MS          time between two chunks of a stream (0)
		  --gateway-jar FILE        default: gateway/target/gateway.jar, built when missing
		  --base-jar FILE           another build of the gateway, to compare with in the scenario builds
		  --gateway-env NAME=VALUE  passed to the gateway; may be repeated
		  --floor-only              measure the floor alone
		  --out FILE                write the report to FILE too
		  --assert-cpu-ratio X      fail when JSON or SSE cost more than X times the floor's CPU
		  --assert-keys PERCENT     fail when 100,000 keys cost that much more CPU than 10
		  --assert-groups PERCENT   fail when 1,000 groups cost that much more CPU than one
		  --assert-records PERCENT  fail when a request costs that much more CPU with records than without
		  --assert-memory PERCENT   fail when memory grows that much in the second half of the memory scenario

		JVM flags of the floor and the gateway alike: BENCH_JVM_FLAGS (-Xms512m -Xmx512m -XX:+UseParallelGC)
	END
}

fail() {
	echo "bench: $*" >&2
	exit 1
}

schemas=0
rounds=5 duration=10 warmup=60000 forks=1 connections=32 pause=0 memory_requests=200000 chunk_delay=0 rows=10000000
gateway_jar='' base_jar='' floor_only=false out='' gateway_env=() limits=() scenarios=()
while (($#)); do
	case $1 in
		--rounds) rounds=$2; shift ;;
		--duration) duration=$2; shift ;;
		--warmup) warmup=$2; shift ;;
		--forks) forks=$2; shift ;;
		--connections) connections=$2; shift ;;
		--pause) pause=$2; shift ;;
		--requests) memory_requests=$2; shift ;;
		--rows) rows=$2; shift ;;
		--chunk-delay) chunk_delay=$2; shift ;;
		--gateway-jar) gateway_jar=$2; shift ;;
		--base-jar) base_jar=$(realpath "$2"); shift ;;
		--gateway-env) gateway_env+=("$2"); shift ;;
		--floor-only) floor_only=true ;;
		--out) out=$2; shift ;;
		--assert-cpu-ratio) limits+=(--cpu-ratio "$2"); shift ;;
		--assert-keys) limits+=(--keys "$2"); shift ;;
		--assert-groups) limits+=(--groups "$2"); shift ;;
		--assert-records) limits+=(--records "$2"); shift ;;
		--assert-memory) limits+=(--memory "$2"); shift ;;
		-h | --help) usage; exit ;;
		json | sse | keys | groups | memory | builds | records | records-sse | pages) scenarios+=("$1") ;;
		*) usage >&2; fail "unknown argument: $1" ;;
	esac
	shift
done
((${#scenarios[@]})) || scenarios=(json sse keys groups memory)

for tool in wrk curl python3; do
	command -v "$tool" >/dev/null || fail "$tool is missing (apt-get install $tool)"
done

find_jdk() {
	local home
	for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
		if [[ -x $home/bin/jcmd ]] && "$home/bin/java" -version 2>&1 | grep -q 'version "25'; then
			echo "$home"
			return
		fi
	done
	fail 'no JDK 25 in JAVA_HOME or /usr/lib/jvm (apt-get install temurin-25-jdk)'
}

jdk=$(find_jdk)
read -ra jvm_flags <<<"${BENCH_JVM_FLAGS:--Xms512m -Xmx512m -XX:+UseParallelGC}"
jvm_flags+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

# ---- what runs --------------------------------------------------------------------------------

mkdir -p "$here/target"
work=$(mktemp -d "$here/target/run.XXXXXX")
declare -A pid=() port=() schema=()

stop() {
	local name
	for name in "$@"; do
		[[ -n ${pid[$name]:-} ]] || continue
		kill "${pid[$name]}" 2>/dev/null || true
		timeout 15 tail --pid="${pid[$name]}" -f /dev/null || kill -9 "${pid[$name]}" 2>/dev/null || true
		wait "${pid[$name]}" 2>/dev/null || true
		unset "pid[$name]"
	done
}

clean_up() {
	local status=$?
	trap - EXIT
	stop "${!pid[@]}"
	rm -rf "$work"/data-* "$work/database"
	if ((status)); then
		echo "bench: failed; logs are in $work" >&2
	else
		rm -rf "$work"
	fi
	exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

await() {
	local name=$1 url=$2
	for _ in {1..600}; do
		curl -sf -m 2 -o /dev/null "$url" && return
		kill -0 "${pid[$name]}" 2>/dev/null || break
		sleep 0.2
	done
	tail -20 "$work/$name.log" >&2
	fail "$name did not answer at $url"
}

bench_java() {
	local name=$1
	shift
	"$jdk/bin/java" "${jvm_flags[@]}" -cp "$here/target/bench.jar" "$@" >"$work/$name.log" 2>&1 &
	pid[$name]=$!
}

start_mock() {
	port[mock]=$(free_port)
	bench_java mock io.keymux.bench.MockUpstream "${port[mock]}" "$chunk_delay"
	await mock "http://127.0.0.1:${port[mock]}/count"
}

start_floor() {
	port[floor]=$(free_port)
	bench_java floor io.keymux.bench.FloorProxy "${port[floor]}" "http://127.0.0.1:${port[mock]}"
	await floor "http://127.0.0.1:${port[floor]}/proxy/bench-1/count"
}

# One for the whole run; gateways that need it have a schema of their own.
start_database() {
	[[ -z ${pid[database]:-} ]] || return 0
	port[database]=$(free_port)
	bench_java database io.keymux.bench.Database "${port[database]}" "$work/database"
	for _ in {1..300}; do
		(: >"/dev/tcp/127.0.0.1/${port[database]}") 2>/dev/null && return
		kill -0 "${pid[database]}" 2>/dev/null || break
		sleep 0.2
	done
	tail -20 "$work/database.log" >&2
	fail 'the database did not start'
}

database_url() {
	echo "jdbc:mysql://127.0.0.1:${port[database]}/${schema[$1]}?createDatabaseIfNotExist=true&sslMode=DISABLED&connectionTimeZone=UTC"
}

# A gateway is called <groups>x<keys of each group>, then -on or -off when it is on MariaDB, with records or without,
# or +base when it is the other build.
run_gateway() {
	local name=$1 data=$work/data-$1 jar=$gateway_jar management own=()
	[[ $name != *+base ]] || jar=$base_jar
	if [[ $name == *-* ]]; then
		start_database
		own=(KEYMUX_DATABASE_URL="$(database_url "$name")" KEYMUX_DATABASE_USERNAME=root
			KEYMUX_ENCRYPTION_KEY='passphrase of the bench' KEYMUX_SETTING_RECORD_RETENTION=30d)
		[[ $name != *-off ]] || own+=(KEYMUX_RECORDS_ENABLED=false)
	fi
	port[$name]=$(free_port)
	management=$(free_port)
	mkdir -p "$data"
	(
		cd "$data"
		exec env -i PATH="$PATH" HOME="$data" SERVER_PORT="${port[$name]}" MANAGEMENT_SERVER_PORT="$management" \
			KEYMUX_DATA_DIR="$data" KEYMUX_ADMIN_KEY="$BENCH_ADMIN_KEY" KEYMUX_ACCESS_KEYS="$BENCH_ACCESS_KEY" \
			"${own[@]}" "${gateway_env[@]}" "$jdk/bin/java" "${jvm_flags[@]}" -jar "$jar" >"$work/$name.log" 2>&1
	) &
	pid[$name]=$!
	await "$name" "http://127.0.0.1:$management/actuator/health"
}

# It starts on an empty database, whatever ran before.
start_gateway() {
	local name=$1 size=${1%[-+]*}
	rm -rf "$work/data-$name"
	schema[$name]=bench_$((++schemas))
	run_gateway "$name"
	python3 "$here/populate.py" "http://127.0.0.1:${port[$name]}" "http://127.0.0.1:${port[mock]}" \
		"${size%x*}" "${size#*x}"
}

start() {
	if [[ $1 == floor ]]; then
		start_floor
	else
		start_gateway "$1"
	fi
	await_answers "$1"
}

groups_of() {
	if [[ $1 == floor ]]; then
		echo 1
	else
		echo "${1%x*}"
	fi
}

# ---- what is measured -------------------------------------------------------------------------

post() {
	curl -s -m 10 -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -d "$3" "http://127.0.0.1:$2"
}

# The last group serves, and what comes through is what the mock sends.
await_answers() {
	local name=$1 body path direct
	path=${port[$name]}/proxy/bench-$(groups_of "$name")/v1/chat/completions
	for body in '{"model":"gpt-4.1"}' '{"model":"gpt-4.1","stream":true}'; do
		direct=$(post sk-bench-direct "${port[mock]}/v1/chat/completions" "$body")
		for _ in {1..150}; do
			[[ $(post "$BENCH_ACCESS_KEY" "$path" "$body") == "$direct" ]] && continue 2
			sleep 0.2
		done
		fail "$name does not relay the answer of the mock: $(post "$BENCH_ACCESS_KEY" "$path" "$body" | head -c 300)"
	done
}

answered() {
	curl -sf -m 10 "http://127.0.0.1:${port[mock]}/count" || fail 'the mock does not answer'
}

resident_kb() {
	awk '/^VmRSS/ { print $2 }' "/proc/${pid[$1]}/status"
}

cpu_us() {
	sed 's/.*) //' "/proc/${pid[$1]}/stat" | awk -v hz="$(getconf CLK_TCK)" '{ printf "%.0f", ($12 + $13) * 1000000 / hz }'
}

heap_after_gc_kb() {
	"$jdk/bin/jcmd" "${pid[$1]}" GC.run >/dev/null
	"$jdk/bin/jcmd" "${pid[$1]}" GC.heap_info | python3 -c '
import re, sys
print(sum(int(used) for used in re.findall(r"(?:PSYoungGen|ParOldGen|garbage-first heap|def new generation|tenured generation).*?used (\d+)K", sys.stdin.read())))'
}

# load <target> <json|sse> <seconds> [pause]; leaves the figures in $requests $duration_us $p50 $p99 $cpu
load() {
	local name=$1 kind=$2 seconds=$3 before after cpu_before bytes errors smallest=700
	[[ $kind == sse ]] && smallest=4000
	before=$(answered)
	cpu_before=$(cpu_us "$name")
	BENCH_PAUSE=${4:-0} wrk -t2 -c"$connections" -d"${seconds}s" --timeout 10s -s "$here/load.lua" "http://127.0.0.1:${port[$name]}" \
		-- "$(groups_of "$name")" "$kind" >"$work/wrk.txt" || fail "wrk cannot reach $name"
	kill -0 "${pid[$name]}" 2>/dev/null || fail "$name ended under load"
	# What is still to be done when wrk has gone, such as writing records, belongs to the requests too.
	sleep 0.5
	cpu=$(($(cpu_us "$name") - cpu_before))
	after=$(answered)
	read -r requests duration_us bytes p50 p99 errors < <(sed -n 's/^RESULT //p' "$work/wrk.txt")
	((requests > 0)) || fail "$name, $kind: no request was answered"
	((errors == 0)) || fail "$name, $kind: $errors of $requests requests failed: $(grep -iE 'non-2xx|socket' "$work/wrk.txt")"
	((bytes >= requests * smallest)) || fail "$name, $kind: $bytes bytes are too few for $requests answers"
	# wrk hangs up in the middle of a request on each connection; all others must have reached the mock exactly once.
	((after - before >= requests && after - before <= requests + connections)) ||
		fail "$name, $kind: wrk saw $requests answers, the mock gave $((after - before))"
}

# Counted in requests, not seconds: on a busy machine the compiler of the JVM gets to its work later.
warm_up() {
	local sent=0
	while ((sent < warmup)); do
		load "$1" "$2" 5
		sent=$((sent + requests))
	done
}

measure() {
	local scenario=$1 kind=json fork round name
	shift
	[[ $scenario == *sse ]] && kind=sse
	for ((fork = 1; fork <= forks; fork++)); do
		for name in "$@"; do
			echo "  starting $name" >&2
			start "$name"
			warm_up "$name" "$kind"
		done
		for ((round = 1; round <= rounds; round++)); do
			for name in "$@"; do
				load "$name" "$kind" "$duration" "$pause"
				printf '%s\t' "$scenario" "$name" "$fork" "$round" "$requests" "$duration_us" "$p50" "$p99" "$cpu" >>"$work/rounds.tsv"
				resident_kb "$name" >>"$work/rounds.tsv"
				echo "  $scenario, round $round, $name: $((requests * 1000000 / duration_us)) requests/s, $((cpu / requests)) µs CPU" >&2
			done
		done
		stop "$@"
	done
}

sample_memory() {
	local heap
	heap=$(heap_after_gc_kb "$1")
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$(resident_kb "$1")" "$heap" >>"$work/memory.tsv"
	echo "  memory, $1 after $2 requests: $heap kB of heap" >&2
}

measure_memory() {
	local name=$1 total=0 half=$((memory_requests / 2)) halfway=false
	start "$name"
	warm_up "$name" json
	sample_memory "$name" 0
	while ((total < memory_requests)); do
		load "$name" json 5
		total=$((total + requests))
		if ! $halfway && ((total >= half)); then
			halfway=true
			sample_memory "$name" "$total"
		fi
	done
	sample_memory "$name" "$total"
	stop "$name"
}

measure_pages() {
	schema[pages-on]=bench_pages
	run_gateway pages-on
	stop pages-on
	"$jdk/bin/java" "${jvm_flags[@]}" -cp "$here/target/bench.jar" io.keymux.bench.RecordPages fill "$(database_url pages-on)&rewriteBatchedStatements=true" "$rows" >&2
	run_gateway pages-on
	"$jdk/bin/java" "${jvm_flags[@]}" -cp "$here/target/bench.jar" io.keymux.bench.RecordPages read \
		"http://127.0.0.1:${port[pages-on]}" >"$work/pages.md"
	stop pages-on
}

run_scenario() {
	echo "$1" >&2
	if $floor_only; then
		case $1 in
			json | sse) measure "$1" floor ;;
			memory) measure_memory floor ;;
			*) echo '  needs the gateway: skipped' >&2 ;;
		esac
		return
	fi
	case $1 in
		json | sse) measure "$1" floor 1x10 ;;
		keys) measure keys floor 1x10 1x1000 1x100000 ;;
		groups) measure groups floor 1x10 1000x10 ;;
		memory) measure_memory 1x10 ;;
		builds)
			[[ -n $base_jar ]] || fail 'the scenario builds compares with --base-jar FILE'
			measure builds 1x10+base 1x10
			;;
		records | records-sse) measure "$1" floor 1x10-off 1x10-on ;;
		pages) measure_pages ;;
	esac
}

# ---- the run ----------------------------------------------------------------------------------

build() {
	local modules=()
	[[ -f $here/target/bench.jar ]] || modules+=(infra/bench)
	if ! $floor_only && [[ -z $gateway_jar ]] && ! compgen -G "$root/gateway/target/gateway.jar" >/dev/null; then
		modules+=(gateway)
	fi
	if ((${#modules[@]})); then
		echo "building ${modules[*]}" >&2
		(cd "$root" && ./mvnw -q -pl "$(IFS=,; echo "${modules[*]}")" package -DskipTests)
	fi
	if ! $floor_only; then
		[[ -n $gateway_jar ]] || gateway_jar=$(compgen -G "$root/gateway/target/gateway.jar" | head -1)
		gateway_jar=$(realpath "$gateway_jar")
	fi
}

describe() {
	echo "$(date -u +%Y-%m-%d), commit $(git -C "$root" describe --always --dirty), $(nproc) cores of" \
		"$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $("$jdk/bin/java" -version 2>&1 | sed -n 2p)," \
		"\`${jvm_flags[*]:0:${#jvm_flags[@]}-2}\`, $connections connections$( ((pause == 0)) || echo " that pause for $pause ms"), medians of $((rounds * forks)) rounds of $duration s."
	echo
}

export BENCH_ADMIN_KEY=admin-bench-0123456789 BENCH_ACCESS_KEY=ak-bench-0123456789
build
printf 'scenario\ttarget\tfork\tround\trequests\tduration_us\tp50_us\tp99_us\tcpu_us\trss_kb\n' >"$work/rounds.tsv"
printf 'target\trequests\trss_kb\theap_kb\n' >"$work/memory.tsv"
start_mock
for scenario in "${scenarios[@]}"; do
	run_scenario "$scenario"
done
{
	describe
	python3 "$here/report.py" "$work/rounds.tsv" "$work/memory.tsv" "${limits[@]}"
	if [[ -f $work/pages.md ]]; then
		printf '\nPages of %s request records\n\n' "$rows"
		cat "$work/pages.md"
	fi
} | tee ${out:+"$out"}
