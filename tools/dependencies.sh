# Sourced by ./run and ./test: installs what is missing, says what and why, asks for nothing, is quick the second time.
# Everything comes from Debian 12; the web page's packages come from npm and are pinned by web/package-lock.json.

# A bare machine sets no locale, and a service no home.
export LC_ALL=C.UTF-8
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
export HOME="${HOME:-/tmp}"

LOGS=test-results

say() {
    if [ -t 1 ]; then
        printf '\033[1m%s\033[0m\n' "$*"
    else
        printf '%s\n' "$*"
    fi
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# name, and why it is needed
BUILD_PACKAGES="
gcc:the C compiler
libc6-dev:the C library's headers
meson:builds the server
ninja-build:builds the server
pkg-config:finds the libraries
python3:generates code from contract/
libssl-dev:DTLS and TLS
libipsec-mb-dev:fast encryption of media packets
libopus-dev:audio frames
libmicrohttpd-dev:HTTP
libwslay-dev:WebSocket framing
zlib1g-dev:compressed messages
libjansson-dev:JSON
libsqlite3-dev:the embedded database
libsodium-dev:passwords, hashes and sealed backups
libarchive-dev:the file of a backup
libzip-dev:unpacks a table (XLSX)
libexpat1-dev:reads what is in it
libxlsxwriter-dev:writes one
libyaml-dev:the configuration file
libseccomp-dev:the sandbox
libcurl4-openssl-dev:the load generator's HTTP; sends mails and the journal's signed heads away; asks the provider that people sign in at
libcjose-dev:checks what that provider has signed
libical-dev:calendars, and the rules of time zones
libqrencode-dev:prints a signed head of the journal on the report
libglib2.0-dev:Unicode's tables, for what people write
libpango1.0-dev:sets the report's text, in every script
fonts-noto-core:the report's Latin, Cyrillic and Arabic letters; also the tests' browsers'
fonts-noto-cjk:the report's Chinese characters; also the tests' browsers'
"
NODE_PACKAGES="
nodejs:builds the web page
npm:fetches the web page's packages
ca-certificates:fetches them safely
"
TEST_PACKAGES="
clang-format-14:checks the C format
libcmocka-dev:unit tests
libsrtp2-dev:an independent SRTP to compare with
chromium:browser tests
firefox-esr:browser tests
pulseaudio:the sound device that Firefox needs, without a sound card
python3-aiortc:an independent WebRTC client
python3-aiohttp:the tests' HTTP and WebSocket client
gstreamer1.0-tools:an independent WebRTC client
gstreamer1.0-plugins-base:an independent WebRTC client
gstreamer1.0-plugins-good:an independent WebRTC client
gstreamer1.0-plugins-bad:an independent WebRTC client
gstreamer1.0-nice:an independent WebRTC client
gir1.2-gst-plugins-bad-1.0:an independent WebRTC client
python3-gst-1.0:an independent WebRTC client
golang-go:builds an independent WebRTC client
golang-github-pion-webrtc.v3-dev:an independent WebRTC client
poppler-utils:reads the report's PDF in the tests
zbar-tools:reads the report's QR code in the tests
jq:checks the journal's signed heads in the tests, as the documentation says
openssl:the same
iproute2:makes the network namespaces of the tests
procps:finds processes in the tests
python3-hypothesis:tries the API from its own description
python3-jsonschema:compares its answers with their schemas
faketime:sets the wall clock of a server in the tests
sqlite3:damages a journal in the tests
nginx-light:stands in front of the server in the tests, as an operator's would
systemd:tells which system calls the unit allows, for the tests that set the same
util-linux:other users and namespaces in the tests
binutils:makes the Debian package in the tests
dpkg-dev:finds which libraries the package depends on
adduser:makes the server's user when the package is installed on the tests' bare system
groff-base:reads the manual's pages strictly
man-db:reads their names as an index does
nftables:loads the firewall rules of the documentation in the tests
curl:asks the server as the documentation says
caddy:stands in front of the server in the tests, as an operator's would
haproxy:stands in front of the server in the tests, as an operator's would
"

# missing_packages LIST: those of a list of "name:why" that are not installed, in the same form.
missing_packages() {
    local names status
    names=$(sed -n 's/:.*//p' <<<"$1")
    # shellcheck disable=SC2086
    status=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $names 2>/dev/null || true)
    while IFS= read -r line; do
        if [ -n "$line" ] && ! grep -qxF "${line%%:*} installed" <<<"$status"; then
            printf '%s\n' "$line"
        fi
    done <<<"$1"
}

# Any Node.js that starts npm will do; npm then brings the one that builds the page.
node_packages() {
    local major
    major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)
    if [ "${major:-0}" -lt 18 ] || ! command -v npm >/dev/null; then
        printf '%s' "$NODE_PACKAGES"
    fi
}

# Reads what apt-get writes with APT::Status-Fd=1 and shows how far it is.
apt_progress() {
    local kind percent step last=""
    while IFS=: read -r kind _ percent _; do
        case $kind in
            dlstatus) step="fetching" ;;
            pmstatus) step="installing" ;;
            *) continue ;;
        esac
        if [ -t 1 ]; then
            printf '\r  %-10s %3d %%' "$step" "${percent%%.*}"
        elif [ "$step" != "$last" ]; then
            printf '  %s\n' "$step"
        fi
        last=$step
    done
    [ ! -t 1 ] || printf '\r%20s\r' ""
}

# install_packages LIST: installs the missing ones of a list "name:why".
install_packages() {
    local missing names as_root=() apt
    command -v dpkg-query >/dev/null || fail "This is not Debian: what Plenary is built with stands in tools/dependencies.sh."
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    names=$(sed 's/:.*//' <<<"$missing")
    say "Installing from Debian:"
    while IFS= read -r line; do
        printf '  %-28s %s\n' "${line%%:*}" "${line#*:}"
    done <<<"$missing"
    if [ "$(id -u)" -ne 0 ]; then
        # sudo may want a password here, and nowhere later.
        if ! command -v sudo >/dev/null || ! sudo -v; then
            fail "Only an administrator can install them. Run this as root, or let an administrator run
  apt-get install --no-install-recommends" $names
        fi
        as_root=(sudo)
    fi
    # Another apt at work (unattended upgrades) is waited for. The environment goes through sudo by env.
    apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -y -o DPkg::Lock::Timeout=600)
    mkdir -p "$LOGS"
    "${apt[@]}" update >"$LOGS/apt.txt" 2>&1 </dev/null || say "  The package lists cannot be refreshed; going on with those at hand."
    # shellcheck disable=SC2086
    "${apt[@]}" -o APT::Status-Fd=1 install --no-install-recommends $names 2>&1 </dev/null | tee -a "$LOGS/apt.txt" | apt_progress || {
        grep -v '^[dp][lm]status:' "$LOGS/apt.txt" | tail -n 20 >&2
        fail "apt-get failed: the end of its output stands above, all of it in $LOGS/apt.txt."
    }
}

# install_npm_packages FOLDER WORDS: a folder's packages, fetched again when its lock file is another than the one they were fetched with.
install_npm_packages() {
    if cmp -s "$1/package-lock.json" "$1/node_modules/.installed"; then
        return 0
    fi
    say "Fetching $2 (npm, pinned by $1/package-lock.json)"
    mkdir -p "$LOGS"
    (cd "$1" && npm ci --no-audit --no-fund --no-update-notifier) >"$LOGS/npm.txt" 2>&1 </dev/null || {
        tail -n 20 "$LOGS/npm.txt" >&2
        fail "npm failed: the end of its output stands above, all of it in $LOGS/npm.txt."
    }
}

install_page_packages() {
    install_npm_packages web "the page's packages"
    web/node_modules/.bin/node --version >/dev/null || fail "npm brought no Node.js for this machine ($(uname -m)): x86_64 and aarch64 have one."
    cp web/package-lock.json web/node_modules/.installed
}

# WebRTC clients of the tests that are in other languages. Nothing of them is shipped.
install_clients() {
    local folder=tests/clients/libdatachannel source=tests/clients/pion/main.go place
    install_npm_packages $folder "a WebRTC client of the tests"
    cp $folder/package-lock.json $folder/node_modules/.installed
    if [ build-clients/pion -nt $source ]; then
        return 0
    fi
    # Debian's Go packages lie in a GOPATH, and only code in one finds them: no module is fetched from anywhere.
    say "Building a WebRTC client of the tests"
    place=$(mktemp -d)
    mkdir -p "$LOGS" build-clients "$place/src/plenary/pion"
    cp $source "$place/src/plenary/pion"
    printf 'module plenary/pion\n\ngo 1.19\n' >"$place/src/plenary/pion/go.mod"
    (cd "$place/src/plenary/pion" && GO111MODULE=off GOTOOLCHAIN=local GOPATH="$place:/usr/share/gocode" /usr/bin/go build -o "$OLDPWD/build-clients/pion" .) \
        >"$LOGS/pion.txt" 2>&1 </dev/null || {
        tail -n 20 "$LOGS/pion.txt" >&2
        fail "The client could not be built: the end of the output stands above, all of it in $LOGS/pion.txt."
    }
    rm -rf "$place"
}

# Builds the page when something it is made of is newer than the last build.
build_page() {
    if [ ! -e web/dist/index.html ] || [ -n "$(find web/src web/public web/index.html web/package-lock.json web/tsconfig.json \
        web/vite.config.ts web/tools contract tools/contract.py tools/contractlib -name __pycache__ -prune -o -type f -newer web/dist/index.html \
        -print -quit)" ]; then
        say "Building the page"
        mkdir -p "$LOGS"
        (cd web && npm run --silent build) >"$LOGS/page.txt" 2>&1 </dev/null || {
            tail -n 30 "$LOGS/page.txt" >&2
            fail "The page could not be built."
        }
    fi
}

# build_server DIR [meson options]
build_server() {
    local directory=$1 quiet=()
    shift
    mkdir -p "$LOGS"
    if [ ! -e "$directory/build.ninja" ]; then
        say "Configuring $directory"
        meson setup "$directory" "$@" >"$LOGS/$directory-setup.txt" 2>&1 </dev/null || {
            tail -n 20 "$LOGS/$directory-setup.txt" >&2
            fail "meson could not configure $directory."
        }
    fi
    say "Building the server in $directory"
    [ -t 1 ] || quiet=(--quiet)
    ninja -C "$directory" "${quiet[@]}"
}
