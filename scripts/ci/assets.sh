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

# The id of the release; nothing when there is none. A draft is found by listing alone. One that somebody has published is
# not taken for a missing one: its state would be lost, and the sales in it are public.
release() {
    local page answer id
    for page in {1..100}; do
        answer=$(request "$repository/releases?per_page=100&page=$page")
        if jq --exit-status --arg tag "$tag" 'any(.[]; .tag_name == $tag and (.draft | not))' <<< "$answer" > /dev/null; then
            echo "::error::The release $tag is no draft: the sales in its state are public, which their terms of use forbid. Make it a draft again (gh release edit $tag --draft), then run this again." >&2
            return 1
        fi
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

# The assets of a release, `ID SIZE DIGEST NAME` a line, the newest first: those with a name that begins so, and that were
# uploaded whole ("uploaded") or in part ("starter"). The digest is that of the bytes that GitHub has, `sha256:…`, or `-`
# where it tells none.
assets() {
    local id=$1 beginning=$2 state=$3
    request "$repository/releases/$id/assets?per_page=100" |
        jq --raw-output --arg beginning "$beginning" --arg state "$state" \
            'sort_by(-.id)[] | select(.state == $state and (.name | startswith($beginning))) | "\(.id) \(.size) \(.digest // "-") \(.name)"'
}

# Whether a file is there with the bytes of an asset. Of one without a digest that is not known.
is_asset() {
    local file=$1 size=$2 digest=$3
    [[ -f $file && $(stat --format=%s "$file") == "$size" && sha256:$(sha256sum < "$file" | cut --characters=1-64) == "$digest" ]]
}

# Brings an asset here. The file has its name once it is whole: what comes otherwise than GitHub has it comes again, and is
# not taken for what the asset holds.
download() {
    local id=$1 size=$2 digest=$3 file=$4 attempt
    mkdir -p "$(dirname "$file")"
    for attempt in 1 2 3; do
        request --header 'Accept: application/octet-stream' --output "$file.part" "$repository/releases/assets/$id"
        if [[ $digest == - && $(stat --format=%s "$file.part") == "$size" ]] || is_asset "$file.part" "$size" "$digest"; then
            mv "$file.part" "$file"
            return
        fi
        echo "$file came with other bytes than GitHub has of it (attempt $attempt)" >&2
    done
    rm "$file.part"
    return 1
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
