#!/usr/bin/env bash
# From an empty server to one's own meeting:
#   docs/examples/own-meeting.sh URL FIRST_LINK
# FIRST_LINK is what `plenary serve` printed on an empty folder. Prints the meeting and everybody's link as JSON. Needs curl and jq.
# PLENARY_CA: a file with the server's own certificate, when no authority has signed it.
set -euo pipefail
url=${1%/} link=$2
bearer=""

# call METHOD PATH [BODY]: the answer, or what was wrong and the end.
call() {
    local arguments=(--silent --show-error --fail-with-body --request "$1" --header 'Content-Type: application/json') answer
    [ -z "$bearer" ] || arguments+=(--header "Authorization: Bearer $bearer")
    [ -z "${PLENARY_CA:-}" ] || arguments+=(--cacert "$PLENARY_CA")
    [ -z "${3:-}" ] || arguments+=(--data "$3")
    answer=$(curl "${arguments[@]}" "$url/api/v1/$2") || { printf '%s %s: %s\n' "$1" "$2" "$answer" >&2; exit 1; }
    printf '%s' "$answer"
}
id() { jq -r .id; }

# The first administrator, who prepares meetings too.
password=$(head -c 18 /dev/urandom | base64)
bearer=$(call POST account-link "$(jq -n --arg token "${link##*#}" --arg password "$password" \
    '{$token, account: "first", name: "First Administrator", $password}')" | jq -r .token)

body=$(call POST bodies '{"code": "COUNCIL", "name": {"en": "Council", "fr": "Conseil"}}' | id)
meeting=$(call POST meetings "$(jq -n --arg body "$body" \
    '{$body, title: {en: "First session", fr: "Première session"}, form: "remote"}')" | id)
for delegation in BRA:Brazil:Brésil FRA:France:France; do
    IFS=: read -r code en fr <<<"$delegation"
    call POST "meetings/$meeting/delegations" "$(jq -n --arg code "$code" --arg en "$en" --arg fr "$fr" \
        '{id: ($code | ascii_downcase), $code, kind: "member", name: {$en, $fr}}')" >/dev/null
done
number=0
for title in "Opening of the meeting" "Adoption of the agenda" "Other business"; do
    number=$((number + 1))
    call POST "meetings/$meeting/agenda" "$(jq -n --arg number "$number" --arg en "$title" '{$number, title: {$en}}')" >/dev/null
done

# Twelve people: capacity, name, delegation or language.
while IFS=: read -r capacity name delegation language; do
    call POST "meetings/$meeting/people" "$(jq -n --arg capacity "$capacity" --arg name "$name" --arg delegation "$delegation" \
        --arg language "$language" '{$capacity, $name} + if $delegation == "" then {} else {$delegation} end
                                                       + if $language == "" then {} else {$language} end')"
done <<'PEOPLE' | jq -s --arg meeting "$meeting" --arg url "$url" \
    '{$meeting, people: map({capacity, name, link: "\($url)/m/\($meeting)#\(.token)"})}'
chair:Amina Okafor::
secretary:Jean Martin::
moderator:Sofía Reyes::
technician:Li Wei::
delegate:Ana Souza:bra:
delegate:Paul Durand:fra:
interpreter:Claire Petit::fr
interpreter:Marc Blanc::fr
interpreter:Diego Ruiz::es
captioner:Olga Ivanova::
observer:Yuki Tanaka::
listener:Omar Haddad::
PEOPLE
