#!/usr/bin/env bash
# Installs what the tests use and the machine lacks: any of postgresql,
# chromium, gcc, prometheus and prometheus-alertmanager. It asks for nothing:
# without the right to install, it says in one line what will be skipped. With
# EVENKEEL_REQUIRE_ALL=1 that is an error. Prometheus is only unpacked, into a
# folder of the user's cache: a package that is installed would start a server.
# Alertmanager has to be installed, because it reads a file at a fixed place.
set -euo pipefail

unpacked=${XDG_CACHE_HOME:-$HOME/.cache}/evenkeel/prometheus

found() {
	case $1 in
	postgresql) command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
	chromium) [[ -n ${EVENKEEL_CHROMIUM:-} ]] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
	prometheus-alertmanager) command -v prometheus-alertmanager >/dev/null || command -v alertmanager >/dev/null ;;
	gcc) command -v "${CC:-gcc}" >/dev/null ;;
	prometheus) { command -v prometheus && command -v promtool; } >/dev/null || [[ -x $unpacked/usr/bin/prometheus && -x $unpacked/usr/bin/promtool ]] ;;
	esac
}

# unpack gets a package without installing it, which needs no right but a list
# of packages.
unpack() {
	local folder
	folder=$(mktemp -d)
	(cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download "$1" && mkdir -p "$unpacked" && dpkg -x "$1"_*.deb "$unpacked") 2>&1 || true
	rm -rf "$folder"
}

missing=()
for tool in "$@"; do
	found "$tool" || missing+=("$tool")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ " ${missing[*]} " == *" prometheus "* ]] && command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
	echo "setup: unpacking prometheus"
	unpack prometheus >/dev/null
fi

still=()
for tool in "${missing[@]}"; do
	found "$tool" || still+=("$tool")
done
missing=("${still[@]}")
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
	packages=()
	for tool in "${missing[@]}"; do
		[[ $tool == prometheus ]] || packages+=("$tool")
	done
	[[ " ${missing[*]} " == *" gcc "* ]] && packages+=(libc6-dev)
	echo "setup: installing ${packages[*]:-nothing, but a newer list of packages}"
	apt=("${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
	log=$(mktemp)
	if ! { "${apt[@]}" update && { [[ ${#packages[@]} -eq 0 ]] || "${apt[@]}" install -y --no-install-recommends "${packages[@]}"; }; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
	fi
	rm -f "$log"
	[[ " ${missing[*]} " != *" prometheus "* ]] || found prometheus || unpack prometheus
fi

status=0
for tool in "${missing[@]}"; do
	if ! found "$tool"; then
		echo "setup: no $tool; what needs it is skipped"
		[[ ${EVENKEEL_REQUIRE_ALL:-} != 1 ]] || status=1
	fi
done
exit $status
