# Runs one PostgreSQL server for as long as somebody holds the other end of the standard input, and then removes every
# trace of it. First argument: the folder of initdb and postgres. It answers with its folder, then to each line that it
# reads with what there is to say and a last line, "ok" or "failed".

# A signal ends the waiting for the next line, so that it ends like a closed input. An answer may find nobody.
trap : HUP INT TERM PIPE

bin=$1
data= log=/dev/null server=

quietly() {
	"$@" >>"$log" 2>&1 </dev/null
}

answer() {
	if quietly "$@"; then
		echo ok
	else
		tail -n 20 "$log"
		echo failed
	fi
}

# The path of a socket has at most 107 bytes.
folder() {
	for base in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
		[ ${#base} -lt 80 ] && mktemp -d "$base/pgtest-XXXXXX" 2>/dev/null && return
	done
}

create() {
	"$bin/initdb" -D "$data" -U postgres --no-sync --auth=trust --encoding=UTF8 --locale=C.UTF-8 ||
		"$bin/initdb" -D "$data" -U postgres --no-sync --auth=trust --encoding=UTF8 --locale=C || return
	cat >>"$data/postgresql.conf" <<-END
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$dir'
		fsync = off
		full_page_writes = off
		synchronous_commit = on
		max_connections = 300
		max_locks_per_transaction = 64
		shared_buffers = 64MB
		max_wal_size = 1GB
	END
	cat >"$data/pg_hba.conf" <<-END
		host  all secret 127.0.0.1/32 scram-sha-256
		host  all all    127.0.0.1/32 trust
		local all all                 trust
	END
}

# The server is our child, so that nobody else has to bury it.
start() {
	"$bin/postgres" -D "$data" -p "$port" &
	server=$!
	until [ "$(head -n 1 "$data/postmaster.pid")" = "$server" ] && grep -q '^ready' "$data/postmaster.pid"; do
		kill -0 "$server" || return
		sleep 0.02
	done
}

# Each process of the server leads a group of its own, so they are found by their parent.
children() {
	grep -ls "^PPid:[[:space:]]*$server\$" /proc/[0-9]*/status | tr -dc '0-9\n'
}

halt() {
	for pid; do
		kill -STOP "$pid"
		until [ ! -e "/proc/$pid" ] || grep -qs '^State:[[:space:]]*[TZX]' "/proc/$pid/status"; do :; done
	done
}

# The parent first: then nobody is born while the others are halted.
freeze() {
	kill -0 "$server" && halt "$server" && halt $(children)
}

thaw() {
	kill -CONT $(children)
	kill -CONT "$server"
}

# A trapped signal ends a wait too soon. The server itself kills those of its processes that do not end within 5 s.
stop() {
	[ "$server" ] || return 0
	thaw
	kill -"$1" "$server"
	while kill -0 "$server"; do wait "$server"; done
}

restart() {
	stop "$1"
	start
}

dir=$(folder)
echo "$dir"
[ "$dir" ] || exit 1
data=$dir/data log=$dir/log

answer create
while read -r order argument; do
	case $order in
	start)
		port=$argument
		answer start
		;;
	restart) answer restart "$argument" ;;
	freeze | thaw) answer "$order" ;;
	esac
done
quietly stop QUIT
rm -rf "$dir"
