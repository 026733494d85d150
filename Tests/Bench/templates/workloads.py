"""The four workloads, written to a folder as template files and one context, so that both sides render the same."""
import json
import sys

CONFIG_BLOCK = """\
# {{ site.name }}: part %d of the configuration
server {
  listen {{ site.port }}{{ ' ssl' if site.tls else '' }};
  server_name {{ site.names | join(' ') }};
{%% if site.tls %%}
  ssl_certificate {{ site.certificate }};
  ssl_certificate_key {{ site.key | default('/etc/ssl/private/key.pem') }};
{%% endif %%}
{%% for location in site.locations %%}
  location {{ location.path }} {
    proxy_pass http://{{ location.backend }}:{{ location.port }};
    client_max_body_size {{ location.size | default('10m') }};
  }
{%% endfor %%}
{%% set timeout = site.timeout * 2 %%}
  keepalive_timeout {{ timeout }};
  access_log /var/log/{{ site.name | lower | replace(' ', '_') }}.log;
  add_header X-Served-By {{ host }};
}
"""

MACROS = """\
{% macro field(name, value='', kind='text') %}<input name="{{ name }}" value="{{ value }}" type="{{ kind }}">{% endmacro %}
{% macro row(label, name, value) %}<dt>{{ label }}</dt><dd>{{ field(name, value) }}</dd>{% endmacro %}
{% for item in items[:300] %}
{{ row(item.name, 'n' ~ loop.index, item.port) }}
{{ field(item.name, kind='hidden') }}
{% endfor %}
"""

LOOP = "{% for item in items %}{{ loop.index }}: {{ item.name }} {{ item.port }}{% if item.on %} on{% endif %}\n{% endfor %}"

EXPRESSIONS = [
    "a + {n}", "b ~ '{n}'", "c[{m}]", "d.x == {n}", "a > {n} and d.x is defined", "b | upper", "c | length + {n}",
    "'{n}' in c", "d.y | default({n})", "[a, {n}] | max",
]


def main(folder: str) -> None:
    items = [{"name": f"host-{i}", "port": 8000 + i % 100, "on": i % 3 == 0} for i in range(10_000)]
    site = {
        "name": "My Site", "port": 443, "tls": True, "names": ["a.example", "b.example"], "certificate": "/etc/c.pem",
        "timeout": 30, "locations": [{"path": f"/p{i}", "backend": "app", "port": 9000 + i} for i in range(5)],
    }
    context = {"items": items, "site": site, "host": "web1", "a": 7, "b": "text", "c": ["1", "2", "3"], "d": {"x": 5}}
    lines = "".join(CONFIG_BLOCK % part for part in range(10))
    sources = {"configuration": lines, "loop": LOOP, "macros": MACROS}
    for name, source in sources.items():
        with open(f"{folder}/{name}.j2", "w") as file:
            file.write(source)
    with open(f"{folder}/expressions.txt", "w") as file:
        for n in range(1000):
            file.write(EXPRESSIONS[n % 10].replace("{n}", str(n)).replace("{m}", str(n % 3)) + "\n")
    with open(f"{folder}/context.json", "w") as file:
        json.dump(context, file)


main(sys.argv[1])
