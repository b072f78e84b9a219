# Sourced by ./run and ./test: installs what is missing, says what and why, asks for nothing, is quick the second time.
# Everything comes from Debian 12; the web page's packages come from npm and are pinned by web/package-lock.json.

say() { printf '\033[1m%s\033[0m\n' "$*"; }

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
libjansson-dev:JSON
libsqlite3-dev:the embedded database
libsodium-dev:passwords and hashes
libyaml-dev:the configuration file
libseccomp-dev:the sandbox
"
TEST_PACKAGES="
clang-format-14:checks the C format
clang-14:the fuzz targets
libcmocka-dev:unit tests
libsrtp2-dev:an independent SRTP to compare with
chromium:browser tests
firefox-esr:browser tests
python3-aiortc:an independent WebRTC client
python3-aiohttp:the tests' HTTP and WebSocket client
gstreamer1.0-tools:an independent WebRTC client
gstreamer1.0-plugins-base:an independent WebRTC client
gstreamer1.0-plugins-good:an independent WebRTC client
gstreamer1.0-plugins-bad:an independent WebRTC client
gstreamer1.0-nice:an independent WebRTC client
gir1.2-gst-plugins-bad-1.0:an independent WebRTC client
python3-gst-1.0:an independent WebRTC client
fonts-noto-core:what the tests' browsers write Arabic with
fonts-noto-cjk:what the tests' browsers write Chinese with
procps:finds processes in the tests
sqlite3:damages a journal in the tests
"

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# install_packages LIST: installs the missing ones of a list "name:why".
install_packages() {
    local missing=() line name
    while IFS= read -r line; do
        name=${line%%:*}
        [ -n "$name" ] || continue
        if ! installed "$name"; then
            [ ${#missing[@]} -gt 0 ] || say "Installing from Debian:"
            printf '  %-28s %s\n' "$name" "${line#*:}"
            missing+=("$name")
        fi
    done <<<"$1"
    [ ${#missing[@]} -gt 0 ] || return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "These packages need an administrator: run as root or install sudo." >&2; return 1; }
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The page is built with Node.js; any of version 18 or later starts the pinned one that npm brings.
install_node() {
    local major
    major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/')
    if [ -z "$major" ] || [ "$major" -lt 18 ] || ! command -v npm >/dev/null; then
        install_packages "
nodejs:builds the web page
npm:fetches the web page's packages
ca-certificates:fetches them safely
"
    fi
    if [ ! -e web/node_modules/.installed ] || [ web/package-lock.json -nt web/node_modules/.installed ]; then
        say "Fetching the page's packages (npm, pinned by web/package-lock.json)"
        (cd web && npm ci --no-audit --no-fund --loglevel=error)
        touch web/node_modules/.installed
    fi
}

# Builds the page when a source is newer than the last build.
build_web() {
    if [ ! -e web/dist/index.html ] || [ -n "$(find web contract tools/contract.py tools/contractlib -newer web/dist/index.html \
        -not -path 'web/node_modules*' -not -path 'web/dist*' -not -path 'web/test-results*' -not -path '*/__pycache__*' -type f -print -quit)" ]; then
        say "Building the page"
        (cd web && npm run --silent build)
    fi
}

# build_server DIR [meson options]
build_server() {
    local directory=$1
    shift
    if [ ! -e "$directory/build.ninja" ]; then
        say "Configuring $directory"
        meson setup "$directory" "$@" >/dev/null
    fi
    say "Building $directory"
    ninja -C "$directory" --quiet
}
