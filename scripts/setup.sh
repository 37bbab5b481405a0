#!/usr/bin/env bash
# Installs what the tests use and the machine lacks: any of postgresql,
# chromium and gcc. It asks for nothing: without the right to install, it says
# in one line what will be skipped. With EVENKEEL_REQUIRE_ALL=1 that is an error.
set -euo pipefail

found() {
	case $1 in
	postgresql) command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
	chromium) [[ -n ${EVENKEEL_CHROMIUM:-} ]] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
	gcc) command -v "${CC:-gcc}" >/dev/null ;;
	esac
}

missing=()
for tool in "$@"; do
	found "$tool" || missing+=("$tool")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

as=()
may=yes
if ! command -v apt-get >/dev/null; then
	may=no
elif [[ $EUID -ne 0 ]]; then
	as=(sudo -n)
	sudo -n true 2>/dev/null || may=no
fi
if [[ $may == yes ]]; then
	packages=("${missing[@]}")
	[[ " ${missing[*]} " == *" gcc "* ]] && packages+=(libc6-dev)
	echo "setup: installing ${packages[*]}"
	apt=("${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
	log=$(mktemp)
	if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
	fi
	rm -f "$log"
fi

status=0
for tool in "${missing[@]}"; do
	if ! found "$tool"; then
		echo "setup: no $tool; what needs it is skipped"
		[[ ${EVENKEEL_REQUIRE_ALL:-} != 1 ]] || status=1
	fi
done
exit $status
