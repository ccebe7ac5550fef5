# What the weekly run keeps from one week to the next: files attached to a draft release of the repository, which only
# those who may write to it can see. To be sourced. Needs GITHUB_API_URL, GITHUB_REPOSITORY and RUNNER_TEMP, as Actions
# sets them, and the job's token as GH_TOKEN.

# Without it a failure inside $( ) would pass for an empty answer, and a server that is down for a state that is lost.
shopt -s inherit_errexit

tag=immostats-state
repository="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY"

# A request. The token goes through a pipe: what stands on a command line, every process of the machine can read.
request() {
    curl --config <(printf 'header = "Authorization: Bearer %s"\n' "$GH_TOKEN") \
        --silent --show-error --fail --location --retry 5 --retry-connrefused --connect-timeout 20 \
        --header 'X-GitHub-Api-Version: 2022-11-28' "$@"
}

# The id of the release; nothing when there is none. A draft is found by listing alone.
release() {
    local page answer id
    for page in {1..100}; do
        answer=$(request "$repository/releases?per_page=100&page=$page")
        id=$(jq --arg tag "$tag" '[.[] | select(.draft and .tag_name == $tag) | .id] | min // empty' <<< "$answer")
        if [[ -n $id || $(jq length <<< "$answer") -lt 100 ]]; then
            break
        fi
    done
    echo "$id"
}

# The id of the release, which is made when there is none.
release_or_new() {
    local id
    id=$(release)
    if [[ -z $id ]]; then
        local body='{"tag_name": "immostats-state", "name": "State of immostats", "draft": true,
            "body": "What the weekly run needs to go on: its databases and its program. Leave this a draft: the databases hold sales, which are not to be published."}'
        id=$(request --header 'Content-Type: application/json' --data "$body" "$repository/releases" | jq .id)
    fi
    echo "$id"
}

# The assets of a release, `ID SIZE NAME` a line, the newest first: those with a name that begins so, and that were
# uploaded whole ("uploaded") or in part ("starter").
assets() {
    local id=$1 beginning=$2 state=$3
    request "$repository/releases/$id/assets?per_page=100" |
        jq --raw-output --arg beginning "$beginning" --arg state "$state" \
            'sort_by(-.id)[] | select(.state == $state and (.name | startswith($beginning))) | "\(.id) \(.size) \(.name)"'
}

# Brings an asset here. The file has its name once it is whole.
download() {
    local id=$1 size=$2 file=$3
    mkdir -p "$(dirname "$file")"
    request --header 'Accept: application/octet-stream' --output "$file.part" "$repository/releases/assets/$id"
    if [[ $(stat --format=%s "$file.part") != "$size" ]]; then
        echo "$file came with $(stat --format=%s "$file.part") bytes of $size" >&2
        return 1
    fi
    mv "$file.part" "$file"
}

# Attaches a file to a release. An upload that was cut leaves a part, which stands in the way of the next one.
upload() {
    local id=$1 file=$2 name=$3 address failures=0
    address=$(request "$repository/releases/$id" | jq --raw-output '.upload_url | sub("[{].*"; "")')
    until request --retry 0 --request POST --upload-file "$file" --header 'Content-Type: application/octet-stream' \
        --output "$RUNNER_TEMP/upload.json" "$address?name=$name"; do
        failures=$((failures + 1))
        if ((failures == 4)); then
            return 1
        fi
        sleep $((failures * failures * 2))
        remove "$(assets "$id" "$name" starter)"
    done
}

# Removes from a release the assets whose name begins so: what was cut while it came, and all but the newest few.
prune() {
    local id=$1 beginning=$2 keep=$3
    remove "$(assets "$id" "$beginning" starter)"
    remove "$(assets "$id" "$beginning" uploaded | tail -n "+$((keep + 1))")"
}

# Removes the assets of a list.
remove() {
    local id
    while read -r id _; do
        if [[ -n $id ]]; then
            request --request DELETE "$repository/releases/assets/$id"
        fi
    done <<< "$1"
}
