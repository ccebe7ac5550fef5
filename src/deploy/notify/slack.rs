//! Slack (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).

use std::io::{self, Write};

use serde_json::json;

use super::channel::ChannelKind;
use super::chat::{self, Manner};
use super::render::cut;

/// What `[[notify]]` registers.
pub(super) const KIND: ChannelKind = ChannelKind {
    key: "slack",
    help: r"#   slack       url_env, the variable that holds the webhook's address
",
    read: |keys| chat::read(keys, &MANNER),
};

/// Characters of a message that it takes.
const LONGEST: usize = 40_000;

const MANNER: Manner = Manner {
    template: r#"*{{ site.name }} : {{ title }}*{% if version and (outcome == "published" or outcome == "rolled-back") %} · version {{ version }}{% endif %}
{% include "facts" -%}
{% for refusal in refusals -%}
• {{ refusal.source }}{% if refusal.gate %}, seuil `{{ refusal.gate }}`{% endif %} : {{ refusal.reason }}
{% endfor -%}
{% if message and not refusals -%}
> {{ message | replace(from="\n", to="\n> ") }}
{% endif -%}
{% for city in movements -%}
• {{ city.name }} : {{ city.kind }} {{ city.before | number }} → {{ city.after | per_m2 }} ({{ city.change | percent }})
{% endfor -%}
<{{ site.address }}/|Voir le site>{% if run_url %} · <{{ run_url }}|Voir l’exécution>{% endif %}
"#,
    escape,
    body: |text| json!({"text": cut(text, LONGEST), "unfurl_links": false}),
};

fn escape(text: &str, output: &mut dyn Write) -> io::Result<()> {
    let text = text.replace('&', "&amp;");
    let text = text.replace('<', "&lt;").replace('>', "&gt;");
    output.write_all(text.as_bytes())
}
