//! Discord (<https://discord.com/developers/docs/resources/webhook#execute-webhook>).

use serde_json::json;

use super::channel::ChannelKind;
use super::chat::{self, Manner};
use super::render::{cut, escape_mentions};

/// What `[[notify]]` registers.
pub(super) const KIND: ChannelKind = ChannelKind {
    key: "discord",
    help: r"#   discord     url_env
",
    read: |keys| chat::read(keys, &MANNER),
};

/// Characters of a message that it takes.
const LONGEST: usize = 2_000;

const MANNER: Manner = Manner {
    template: r#"**{{ site.name }} : {{ title }}**{% if version and (outcome == "published" or outcome == "rolled-back") %} · version {{ version }}{% endif %}
{% include "facts" -%}
{% for refusal in refusals -%}
- {{ refusal.source }}{% if refusal.gate %}, seuil `{{ refusal.gate }}`{% endif %} : {{ refusal.reason }}
{% endfor -%}
{% if message and not refusals -%}
> {{ message | replace(from="\n", to="\n> ") }}
{% endif -%}
{% for city in movements -%}
- {{ city.name }} : {{ city.kind }} {{ city.before | number }} → {{ city.after | per_m2 }} ({{ city.change | percent }})
{% endfor -%}
[Voir le site](<{{ site.address }}/>){% if run_url %} · [Voir l’exécution](<{{ run_url }}>){% endif %}
"#,
    escape: escape_mentions,
    // Nobody is called by what a message quotes.
    body: |text| json!({"content": cut(text, LONGEST), "allowed_mentions": {"parse": []}}),
};
