#!/usr/bin/env bash
# Builds unmodified programs of Debian's source archive with the drop-in, by include path, and runs
# them: their own tests, or a real use on loopback. For each program it proves that CMSG_NXTHDR is
# ancil's: it is inlined in objects, as their debug information says, no object calls the system's
# rule, our header causes no warning, and the program exports none of our functions.
#
#     ci/real_programs.sh [--system] [--keep FOLDER] [PROGRAM...]
#
# All programs take 15 minutes, and 500 MB below $TMPDIR. --system builds them without ancil: a test
# that fails there as well is not ancil's fault, and it shows that the same objects call glibc's
# rule.
#
# Needs a Debian mirror, dpkg-dev, make, a C compiler and python3. A program that needs more,
# as listed below, is skipped where that is missing. Installs nothing, and does not change apt's
# configuration and lists. Some programs, and some of their tests, need root.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)

# Prints program, source package, and a command that succeeds where its needs are met.
programs() { cat <<'END'
traceroute  traceroute  true
fping       fping       test $(id -u) = 0
dnsmasq     dnsmasq     true
socat       socat       ifconfig lo && netstat --version
chrony      chrony      true
wayland     wayland     meson --version && ninja --version && pkg-config libffi expat
dbus        dbus        pkg-config expat && /usr/bin/python3 -c "import dbus, gi"
openssh     openssh     pkg-config libcrypto zlib
busybox     busybox     ldconfig -p | grep "libc.so.6"
END
}

how=dropin keep='' wanted=()
while [ $# -gt 0 ]; do
    case $1 in
    --system) how=system ;;
    --keep) keep=$2; shift ;;
    *) wanted+=("$1") ;;
    esac
    shift
done
if [ -n "$keep" ]; then
    mkdir -p "$keep" && dir=$(cd "$keep" && pwd)
else
    dir=$(mktemp -d)
    trap 'rm -rf "$dir"' EXIT
fi
mkdir -p "$dir"/{source,apt/lists/partial,apt/archives/partial}
rm -rf "$dir/$how" && mkdir "$dir/$how"

# ---- ancil, installed, and the flags. __NO_INLINE__ makes glibc's rule a call, which objects show.
export CFLAGS="-O2 -g -Wall -Wextra -Wshadow -Wcast-qual -Wcast-align -Wconversion -Wsystem-headers"
export CPPFLAGS="-D__NO_INLINE__"
if [ $how = dropin ]; then
    CPPFLAGS="-I$here/include/ancil/dropin $CPPFLAGS"
fi

# ---- Sources. apt gets a list of its own, with the mirror that the machine uses.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' \
    'Origin: Debian' 'Created-By: Packages' \
    | grep -v -e security -e updates -e backports | sort -u | sed -n 1p)
for type in deb deb-src; do
    echo "$type [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
        "${mirror:-http://deb.debian.org/debian stable} main"
done > "$dir/apt/sources.list"
apt_get() {
    apt-get -qq -o Dir::Etc::sourcelist="$dir/apt/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}
fetched() { # PACKAGE: unpacks its source as upstream released it, without Debian's patches
    (cd "$dir/source" && { compgen -G "$1_*.dsc" || apt_get source --download-only "$1"; } \
        && dpkg-source --no-check --skip-debianization -x "$1"_*.dsc "$dir/$how/$1")
}

# ---- Builds: each runs in its program's folder, with the flags above in the environment.
build_traceroute() { make env=yes; }
build_fping() { ./configure && make; }
build_dnsmasq() { make CFLAGS="$CFLAGS $CPPFLAGS"; }
build_socat() { ./configure && make socat procan filan; }
build_chrony() {
    ./configure --disable-readline --without-nettle --without-nss \
        --without-tomcrypt --without-gnutls --without-seccomp --without-libcap && make
}
build_wayland() {
    meson setup build -Ddocumentation=false -Ddtd_validation=false \
        && ninja -v -C build
}
build_dbus() {
    ./configure --disable-static --disable-tests --disable-doxygen-docs \
        --disable-xml-docs --disable-systemd --disable-selinux --disable-apparmor \
        --disable-libaudit --without-x && make V=1
}
build_openssh() {
    mkdir -m 755 empty
    ./configure --with-privsep-user=nobody --with-privsep-path="$PWD/empty" \
        --disable-strip && make
}
build_busybox() {
    local option options=(PING PING6 FEATURE_FANCY_PING UDHCPC UDHCPC6 TFTP FEATURE_TFTP_GET
        FEATURE_IPV6 LFS)
    make allnoconfig && for option in "${options[@]}"; do
        sed -i "s/^# CONFIG_$option is not set/CONFIG_$option=y/" .config
    done
    { yes '' || true; } | make oldconfig && make V=1 busybox
}

# ---- Uses. The table shows the last line that each prints.
tool() { # INTERPRETER FILE ARGUMENT...: runs a script of ci/real_programs
    "$1" "$here/ci/real_programs/$2" "${@:3}"
}
works_traceroute() {
    traceroute/traceroute -n -q 1 -m 1 127.0.0.1 | grep '^ 1  127[.]0[.]0[.]1 .* ms'
    traceroute/traceroute -6 -n -q 1 -m 1 ::1 | grep '^ 1  ::1 .* ms'
    echo "a route over IPv4 and IPv6, from the error queue"
}
works_fping() {
    src/fping -c 3 -p 50 127.0.0.1 2>&1 | grep '3/3/0%'
    src/fping -6 -c 3 -p 50 ::1 2>&1 | grep '3/3/0%'
    echo "echoes over IPv4 and IPv6, with the kernel's timestamps"
}
works_dnsmasq() { tool python3 dnsmasq.py src/dnsmasq; }
works_socat() {
    ./test.sh ancillary | tee said | tail -n 30
    grep '^Summary' said | sed 's/.* selected; /own tests "ancillary": /' | grep ' 0 failed'
}
works_chrony() {
    make -C test/unit check > units 2>&1 && grep '^Testing' units
    if grep '^Testing.*FAIL' units; then return 1; fi
    (cd test/system && ./run) > system 2>&1
    cat system
    grep -q 'FAILED 0 ' system
    echo "own tests: $(grep -c '^Testing.*PASS' units) units," \
        "$(sed -n 's/ *PASSED //p' system) of the system; 0 failed"
}
works_wayland() {
    meson test -C build --no-rebuild
    sed -n 's/^Ok: */own tests: passed /p' build/meson-logs/testlog.txt
}
works_dbus() {
    LD_LIBRARY_PATH="$PWD/dbus/.libs" tool /usr/bin/python3 dbus_fds.py bus/dbus-daemon
}
works_openssh() {
    make t-exec LTESTS="connect multiplex" &&
        echo "own tests: connect, multiplex (which passes descriptors)"
}
works_busybox() {
    ./busybox ping -c 2 127.0.0.1 | grep ' 0% packet loss'
    ./busybox ping6 -c 2 ::1 | grep -e 'ttl=' -e ' 0% packet loss'
    echo "ping and ping6 on loopback"
}

# ---- Evidence in the objects, and in the compiler's output.
calls() { # FUNCTION: prints each object below this folder that calls it, and how often
    find . -name '*.o' ! -name 'built-in.o' -exec grep -l "$1" {} + | while read -r object; do
        n=$(objdump -r "$object" | grep -c " $1\\>" || true)
        [ "$n" = 0 ] || echo "$(basename "${object%.c.o}" .o) $n"
    done | sort -u || true
}
has() { # FUNCTION: prints each object below this folder in which it is inlined
    find . -name '*.o' ! -name 'built-in.o' -exec grep -l "$1" {} + | while read -r object; do
        basename "${object%.c.o}" .o
    done | sort -u || true
}
dynamic_symbols() { # of all programs and libraries below this folder
    find . -type f \( -perm -100 -o -name '*.so*' \) -exec nm -D {} + 2> /dev/null || true
}
proofs() { # LOG: prints what the table shows, or why the proof fails
    local ours theirs
    ours=$(has ancil_cmsg_nxthdr) theirs=$(calls __cmsg_nxthdr)
    if [ $how = system ]; then echo "$theirs" | xargs; return; fi
    if [ -n "$theirs" ]; then echo "the system's rule is in $theirs"; return 1; fi
    if [ -z "$ours$(has ancil_cmsg_firsthdr)" ]; then
        echo "it contains nothing of ancil"; return 1
    fi
    if grep "^$here/include/.*: warning: " "$1" >&2; then
        echo "our headers cause warnings"; return 1
    fi
    if dynamic_symbols | grep ' [^U] ancil_' >&2; then
        echo "a program or a library exports our functions"; return 1
    fi
    echo "${ours:-only CMSG_FIRSTHDR: $(has ancil_cmsg_firsthdr)}" | xargs
}

table=$dir/$how.table failed=0
row() { printf '%-10s | %-22s | %-60s | %-64s | %s\n' "$@" | tee -a "$table"; }
: > "$table"
row program version "objects that have the rule" "put to work" result
apt_get update
while read -r program package needs; do
    if [ ${#wanted[@]} != 0 ] && [[ " ${wanted[*]} " != *" $program "* ]]; then continue; fi
    log=$dir/$how/$program.log version='' objects='' said=''
    if ! bash -c "$needs" > /dev/null 2>&1; then
        row $program '' "needs: $needs" '' ignored
        continue
    fi
    if ! fetched "$package" > "$log" 2>&1; then
        row $program '' "$(tail -n 1 "$log")" '' "not fetched"
        continue
    fi
    version=$(sed -n 's/^Version: //p' "$dir/source/$package"_*.dsc)
    cd "$dir/$how/$package"
    result=failed
    if ! (set -e; build_"$program") >> "$log" 2>&1; then objects="does not build"
    elif ! objects=$(proofs "$log"); then :
    else
        # Not as a condition, in which `set -e` would have no effect.
        set +e; (set -e; works_"$program") > "$log.works" 2>&1; status=$?; set -e
        said=$(tail -n 1 "$log.works")
        [ $status != 0 ] || result=passed
    fi
    row "$program" "$version" "$objects" "$said" $result
    if [ $result = failed ]; then failed=1; tail -n 30 "$log" "$log.works" 2>/dev/null || true; fi
done < <(programs)
exit $failed
