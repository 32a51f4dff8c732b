#!/bin/sh
# The demo that the tests share: ctest starts and stops it.
# usage: demo.sh start|stop ZMARTCTL RECORD        RECORD is a file that then holds their directory
set -eu
action=$1 zmartctl=$2 record=$3

stop() {
    [ -f "$record" ] || return 0
    parent=$(cat "$record")
    rm -f "$record"
    case $parent in /tmp/zmp.*) ;; *) return 0 ;; esac
    [ -d "$parent/pair" ] && "$zmartctl" demo --stop "$parent/pair"
    rmdir "$parent"
}

start() {
    stop # what an interrupted run left behind
    parent=$(mktemp -d /tmp/zmp.XXXXXX)
    chmod 711 "$parent" # the servers run under an account of their own
    echo "$parent" >"$record"
    "$zmartctl" demo --detach "$parent/pair"
}

"$action"
