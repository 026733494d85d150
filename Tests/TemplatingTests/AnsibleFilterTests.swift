import Model
import Testing

/// What ansible-core 2.19 makes of templates, asked of it once and written down.
@Suite struct AnsibleFilterTests {
  private let variables: [String: Value] = [
    "d": ["a": 1, "b": ["c": [1, 2]]], "l": [3, 1, 2], "s": "text", "i": 5, "f": 1.5, "n": nil, "t": true,
    "un": "{{ nope }}", "nest": ["x": "{{ nope }}", "y": "{{ i }}"], "lst": ["{{ i }}", "{{ nope }}"],
    "chain": "{{ un }}",
  ]

  @Test(arguments: ansibleAnswers)
  func `a template comes to what ansible-core makes of it`(source: String, expected: String) {
    #expect(rendered(source, variables).pythonRepr == expected)
  }
}

private let ansibleAnswers: [(String, String)] = [
  ("{{ 'a' is match }} {{ 'a' is search }}", "'True True'"),
  // Numbers at the edge of the machine's are no crash.
  ("{{ 'a'.center(-9223372036854775808) }}", "'error: Python int too large to convert to C ssize_t'"),
  ("{{ 'abc'[::-9223372036854775808] }}", "'c'"),
  ("{{ [] * 9223372036854775807 }}{{ '' * 9223372036854775807 }}", "'[]'"),
  ("{{ '9999999999999999999' | human_to_bytes }}", "10000000000000000000"),
  ("{{ '11' | int(5, base=1) }}", "11"),
  ("{{ '%Y' | strftime(1e300) }}", "'error: timestamp out of range for platform time_t'"),
  ("{{ ['1', 'a'] | community.general.version_sort }}", "\"error: '<' not supported between instances of 'str' and 'int'\""),
  ("{{ [1, 2, 3] | combinations(3) }} {{ [1, 2] | permutations(3) }} {{ [1, 2] | combinations(0) }}", "'[[1, 2, 3]] [] [[]]'"),
  (
    "{{ ['10.0.0.1' is ansible.utils.ipv4, '10.0.0.1/24' is ansible.utils.ip, '::1' is ansible.utils.ipv6, '10.1.2.0/24' is ansible.utils.in_network('10.0.0.0/8')] }}",
    "[True, False, True, True]"
  ),
  (
    "{{ ['8.8.8.8' is ansible.utils.public, '10.0.0.1' is ansible.utils.private, '00:11:22:33:44:55' is ansible.utils.mac] }}",
    "[True, True, True]"
  ),
  ("{{ ['10.0.0.128/25', '10.0.0.0/25', '10.0.0.7', '::/1', '8000::/1'] | ansible.utils.cidr_merge }}", "['10.0.0.0/24', '::/0']"),
  ("{{ ['10.0.0.0/25', '10.0.3.0/24'] | ansible.utils.cidr_merge('span') }}", "'10.0.0.0/22'"),
  (
    "{{ '192.168.1.10/24' | ansible.utils.ipaddr('next_usable') }} {{ '192.168.1.10/24' | ansible.utils.ipaddr('network/prefix') }} {{ '3232235786' | ansible.utils.ipaddr }}",
    "'192.168.1.11 192.168.1.0/24 192.168.1.10'"
  ),
  (
    "{{ '192.168.0.0/16' | ansible.utils.ipsubnet(8) }}", "'error: Requested subnet size of 8 is invalid'"
  ),
  ("{{ {'a': {'b': [1, {'c d': 2}]}} | ansible.utils.to_paths }}", "{'a.b[0]': 1, \"a.b[1]['c d']\": 2}"),
  ("{{ {'a': {'b': [1, {'c d': 2}]}} | ansible.utils.get_path(\"a.b[1]['c d']\") }}", "2"),
  ("{{ [{'n': 'a'}, {'n': 'b'}] | ansible.utils.index_of('eq', 'b', 'n') }} {{ [1, 2, 3] | ansible.utils.index_of('gt', 1) }}", "'1 [1, 2]'"),
  (
    "{{ [1, 2] | community.general.lists_intersect([2, 3]) }} {{ [1, 2] | community.general.lists_symmetric_difference([2, 3]) }} {{ [[1], [2]] | community.general.lists_union(flatten=true) }}",
    "'[2] [1, 3] [1, 2]'"
  ),
  ("{{ [{'ab': 1, 'b': 2}] | community.general.keep_keys(target=['^a'], matching_parameter='regex') }}", "[{'ab': 1}]"),
  ("{{ lookup('vars', 'nope') | default('q') }}", "'q'"),
  (
    "{{ 'x' | vault('pw', salt='abc') }}",
    "'$ANSIBLE_VAULT;1.2;AES256;filter_default\\n3631363236330a313531346238346566313437313262663031353530656133363937656465306230\\n373530656262356232303339373365656262313737393764356131663466300a3161326663313864\\n613063383265343865363763353764613834623365613234\\n'"
  ),
  ("{{ ('x' | vault('pw')) | unvault('pw') == 'x' and 'y' | unvault('pw') == 'y' }}", "***"),
  (
    "{{ 'x' | vault('pw') | unvault('other') }}",
    "'error: Unable to decrypt: Decryption failed (no vault secrets were found that could decrypt).'"
  ),
  ("{{ 5 | vault('pw') }}", "\"error: Can only vault strings, instead we got <class 'int'>.\""),
  ("{{ '>>>?' | b64encode(urlsafe=true) }} {{ 'Pj4-Pw==' | b64decode(urlsafe=true) }}", "'Pj4-Pw== >>>?'"),
  ("{{ [{'k': 'a'}] | items2dict }}", "\"error: items2dict requires each dictionary in the list to contain the keys 'key' and 'value', got [{'k': 'a'}] instead.\""),
  ("{{ d.nope.x | default(3) }}", "3"),
  ("{{ un | default(4) }}", "4"),
  ("{{ un is defined }}", "False"),
  ("{{ nest.x | default(6) }}", "6"),
  ("{{ nest.y }}", "5"),
  ("{{ lst | length }}", "2"),
  ("{{ lst | first }}", "5"),
  ("{{ lst | last | default('u') }}", "'u'"),
  ("{{ d.keys() }}", "['a', 'b']"),
  ("{{ d.items() }}", "[['a', 1], ['b', {'c': [1, 2]}]]"),
  ("x{{ range(3) }}", "'xrange(0, 3)'"),
  ("x{{ d.keys() }}", "\"x['a', 'b']\""),
  ("{{ l | map('string') }}", "['3', '1', '2']"),
  ("x{{ l | map('string') }}", "\"x['3', '1', '2']\""),
  ("{{ (1,2) }}", "[1, 2]"),
  ("x{{ (1,2) }}", "'x[1, 2]'"),
  ("{% if false %}{% endif %}", "None"),
  ("{% if true %}{{ 1 }}{% endif %}", "1"),
  ("{% if true %}{{ [1] }}{% endif %}", "[1]"),
  ("{{ '' }}", "''"),
  ("{{ none }}", "None"),
  ("{{ none }}x", "'x'"),
  ("{% macro f() %}{{ [1] }}{% endmacro %}{{ f() }}", "[1]"),
  ("{% macro f() %}{{ 1 }}{% endmacro %}{{ f() | type_debug }}", "'int'"),
  ("{% macro f() %}{% endmacro %}{{ f() | type_debug }}", "'NoneType'"),
  ("{% set x %}{{ 1 }}{% endset %}{{ x | type_debug }}", "'int'"),
  ("{{ d.keys() | type_debug }}", "'list'"),
  ("{{ 'a' * 3 }}", "'aaa'"),
  ("{{ 'x' | int('q') }}", "'q'"),
  ("{{ 1 if false }}x", "'x'"),
  ("{{ [nope] | length }}", "1"),
  ("{{ s.upper() }}", "'TEXT'"),
  ("{{ 'a{{ 1 }}' }}", "'a{{ 1 }}'"),
  ("{{ \"%s\" % 3 }}", "'3'"),
  ("{{ '{0}' .format(3) }}", "'3'"),
  ("{{ l.append(4) }}", "None"),
  ("{{ l.append(4) }}{{ l }}", "[3, 1, 2, 4]"),
  ("{% set _ = l.append(4) %}{{ l }}", "[3, 1, 2, 4]"),
  ("{% set z = 4 %}", "None"),
  ("{{ s[0] }}{{ s[-1] }}", "'tt'"),
  ("{{ 3.0 }}x{{ true }}", "'3.0xTrue'"),
  ("{{ d | string }}", "\"{'a': 1, 'b': {'c': [1, 2]}}\""),
  ("{{ i is number }}", "True"),
  ("{{ 2**100 }}", "1267650600228229401496703205376"),
  ("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }}", "'3 -4 2'"),
  ("{% if true %}\nx{% endif %}", "'x'"),
  ("x\n", "'x\\n'"),
  ("{{ i }}\n", "5"),
  (
    "{{ d | type_debug }} {{ s|type_debug }} {{ l|type_debug }} {{ n|type_debug }} {{ nope|type_debug }} {{ range(3)|type_debug }} {{ (1,)|type_debug }}",
    "'dict str list NoneType UndefinedMarker range tuple'"
  ),
  ("{{ [nope, 1] | select('defined') | list }}", "[1]"),
  ("{{ d.b.c.0 }}", "1"),
  ("{{ l[0:2] }} {{ s[::-1] }}", "'[3, 1] txet'"),
  ("{{ '%s %d %05.2f' | format('a', 3, 2.5) }}", "'a 3 02.50'"),
  ("{{ dict(a=1) }}", "{'a': 1}"),
  ("{{ 1 is sameas true }}", "False"),
  ("{{ s | int }}", "0"),
  ("{{ true | bool }} {{ 'maybe' | bool }}", "'True False'"),
  ("{{ i.bit_length() }}", "3"),
  ("{{ q('items', [1,[2,3]]) }}", "[1, [2, 3]]"),
  ("{{ lookup('items', 1,2) }}", "[1, 2]"),
  ("{% for x in [1,2] %}{{ loop.index }}{% endfor %}", "'12'"),
  ("{% for x in [1] %}{{ x }}{% endfor %}", "1"),
  ("{% for x in [1] recursive %}{{ loop([]) }}{% endfor %}", "None"),
  ("{{ 'a' ~ none ~ 1 ~ (1,2) ~ [none]}}", "'aNone1(1, 2)[None]'"),
  ("{% set a, b = (1,2) %}{{ a }}{{ b }}", "'12'"),
  ("{{ [{'x':1}] | map(attribute='y', default=4) | list }}", "[4]"),
  ("{{ 1 | string | type_debug }}", "'str'"),
  ("{{ l is undefined }} {{ lst is defined }}", "'False True'"),
  ("{{ ((1)) }} {{ -2 ** 2 }} {{ 2 ** 3 ** 2 }}", "'1 4 64'"),
  ("{{ true + 1 }} {{ true }} {{ 5 == 5.0 }} {{ '5' == 5 }}", "'2 True True False'"),
  ("{{ {'a': 1, 'b': [1,{'c': 'é'}]} | to_json }}", "'{\"a\": 1, \"b\": [1, {\"c\": \"\\\\u00e9\"}]}'"),
  (
    "{{ {'b': 1, 'a': [1,{'c': 'é'}]} | to_nice_json }}",
    "'{\\n    \"a\": [\\n        1,\\n        {\\n            \"c\": \"\\\\u00e9\"\\n        }\\n    ],\\n    \"b\": 1\\n}'"
  ),
  (
    "{{ {'b': 1, 'a': [1,{'c': 'é'}], 'e': [], 'd': {}} | to_nice_json(indent=2, sort_keys=false) }}",
    "'{\\n  \"b\": 1,\\n  \"a\": [\\n    1,\\n    {\\n      \"c\": \"\\\\u00e9\"\\n    }\\n  ],\\n  \"e\": [],\\n  \"d\": {}\\n}'"
  ),
  ("{{ {'a': 1} | to_json(indent=2) }} {{ [1,2] | to_json(separators=(',',':')) }}", "'{\\n  \"a\": 1\\n} [1,2]'"),
  ("{{ {'b': 1, 'a': [1,{'c': 'é'}]} | to_yaml }}", "'a:\\n- 1\\n- {c: é}\\nb: 1\\n'"),
  ("{{ {'b': 1, 'a': [1,{'c': 'é'}]} | to_nice_yaml }}", "'a:\\n- 1\\n-   c: é\\nb: 1\\n'"),
  ("{{ {'b': 1, 'a': [1,{'c': 'é'}]} | to_nice_yaml(indent=2) }}", "'a:\\n- 1\\n- c: é\\nb: 1\\n'"),
  (
    "{{ {'b': 1, 'a': [1,{'c': 'é'}]} | to_nice_yaml(indent=2, sort_keys=False, default_flow_style=False, width=200) }}",
    "'b: 1\\na:\\n- 1\\n- c: é\\n'"
  ),
  ("{{ [1,'a',none,true,1.5] | to_yaml }} {{ 'abc' | to_yaml }}", "'[1, a, null, true, 1.5]\\n abc\\n'"),
  ("{{ '{\"a\": [1, 2.0, null]}' | from_json }}", "{'a': [1, 2.0, None]}"),
  ("{{ 'a: [1, yes]' | from_yaml }}", "{'a': [1, True]}"),
  ("{{ '---\na: 1\n---\nb: 2\n' | from_yaml_all }}", "[{'a': 1}, {'b': 2}]"),
  ("{{ 'hello' | b64encode }} {{ 'aGVsbG8=' | b64decode }}", "'aGVsbG8= hello'"),
  (
    "{{ 'hello' | hash('sha1') }} {{ 'hello' | hash('sha256') }} {{ 'hello' | checksum }} {{ 'hello' | sha1 }} {{ 'hello' | md5 }}",
    "'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d 5d41402abc4b2a76b9719d911017c592'"
  ),
  ("{{ 'hello' | to_uuid }}", "'9518e9b7-3af9-5e6c-b924-2eac65ffcd8e'"),
  (
    "{{ 'a b' | quote }} {{ '' | quote }} {{ 'ab' | quote }} {{ \"it's\" | quote }}",
    "'\\'a b\\' \\'\\' ab \\'it\\'\"\\'\"\\'s\\''"
  ),
  ("{{ 'ab\ncd' | comment }}", "'#\\n# ab\\n# cd\\n#'"),
  ("{{ 'a  \n\nb\n' | comment }}", "'#\\n# a  \\n#\\n# b\\n# \\n#'"),
  ("{{ '2.5' | human_to_bytes }}{{ '3.5' | human_to_bytes }}", "'24'"),
  ("{{ 'abc' is superset(['a', 1]) }}{{ 'abc' is superset('ca') }}{{ [1] is subset('abc') }}", "'FalseTrueFalse'"),
  ("{{ 'a b' is uri }}{{ 'a b' is uri(['http']) }}{{ '//host/x' is url }}{{ 'file:/x' is url }}{{ '/x' is url }}", "'TrueFalseTrueTrueFalse'"),
  ("{{ 'ab' | comment('c') }}", "'//\\n// ab\\n//'"),
  ("{{ 'ab' | comment('cblock') }}", "'/*\\n *\\n * ab\\n *\\n */'"),
  ("{{ 'ab' | comment('xml') }}", "'<!--\\n -\\n - ab\\n -\\n-->'"),
  ("{{ 'ab' | comment('plain', prefix='#####\n#', postfix='#\n######') }}", "'#####\\n#\\n# ab\\n#\\n######'"),
  ("{{ 'ab' | comment(decoration='! ', prefix='!---', postfix='---!') }}", "'!---\\n! ab\\n---!'"),
  (
    "{{ 'c:\\x\\y.txt' | win_dirname }} {{ 'c:\\x\\y.txt' | win_splitdrive }} {{ '/a/b/' | basename }} {{ '/a/b/' | dirname }} {{ ['/a/b','/a/c'] | commonpath }}",
    "\"c:\\\\x ['c:', '\\\\\\\\x\\\\\\\\y.txt']  /a/b /a\""
  ),
  (
    "{{ 1234567 | human_readable }} {{ 1234567 | human_readable(true) }} {{ 1234567 | human_readable(unit='K') }} {{ '1.2 MB' | human_to_bytes }} {{ '10' | human_to_bytes('M') }} {{ '2Kb' | human_to_bytes(isbits=true) }}",
    "'1.18 MB 1.18 Mb 1205.63 KB 1258291 10485760 2048'"
  ),
  (
    "{{ [1,[2,[3,none]]] | flatten }} {{ [1,[2,[3]]] | flatten(levels=1) }} {{ [1,none] | flatten(skip_nulls=False) }}",
    "'[1, 2, 3] [1, 2, [3]] [1, None]'"
  ),
  (
    "{{ [1,2,2,3] | unique }} {{ [1,2] | union([2,3]) }} {{ [1,2,1] | intersect([1,2]) }} {{ [1,2,1,3] | difference([2]) }} {{ [1,2] | symmetric_difference([2,3]) }}",
    "'[1, 2, 3] [1, 2, 3] [1, 2] [1, 3] [1, 3]'"
  ),
  (
    "{{ ['a','A','b'] | unique }} {{ ['a','A'] | unique(case_sensitive=false) }} {{ ['b','a','C'] | sort }} {{ ['b','a','C'] | sort(case_sensitive=true) }}",
    "\"['a', 'b'] ['a'] ['a', 'b', 'C'] ['C', 'a', 'b']\""
  ),
  (
    "{{ {'a':1,'b':{'c':1}} | combine({'b':{'d':2}}) }} {{ {'a':1,'b':{'c':1}} | combine({'b':{'d':2}}, recursive=true) }} {{ {'l':[1,2]} | combine({'l':[2,3]}, list_merge='append_rp') }} {{ {'l':[1]}|combine({'l':[2]},list_merge='prepend') }}",
    "\"{'a': 1, 'b': {'d': 2}} {'a': 1, 'b': {'c': 1, 'd': 2}} {'l': [1, 2, 3]} {'l': [2, 1]}\""
  ),
  (
    "{{ {'a':1,'b':2} | dict2items }} {{ {'a':1} | dict2items(key_name='k', value_name='v') }} {{ [{'key':'a','value':1}] | items2dict }}",
    "\"[{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}] [{'k': 'a', 'v': 1}] {'a': 1}\""
  ),
  (
    "{{ [1,2] | zip(['a','b'],[true,false]) }} {{ [1,2,3] | zip_longest(['a'], fillvalue='X') }} {{ [1,2] | product(['a','b']) }} {{ [1,2,3] | permutations(2) }} {{ [1,2,3] | combinations(2) }}",
    "\"[[1, 'a', True], [2, 'b', False]] [[1, 'a'], [2, 'X'], [3, 'X']] [[1, 'a'], [1, 'b'], [2, 'a'], [2, 'b']] [[1, 2], [1, 3], [2, 1], [2, 3], [3, 1], [3, 2]] [[1, 2], [1, 3], [2, 3]]\""
  ),
  (
    "{{ 'foo' | extract({'foo': {'a': 1}}) }} {{ 'foo' | extract({'foo': {'a': 1}}, 'a') }} {{ [0,1] | map('extract', ['x','y']) }}",
    "\"{'a': 1} 1 ['x', 'y']\""
  ),
  ("{{ [{'n':'a','g':[1,2]}] | subelements('g') }}", "[[{'n': 'a', 'g': [1, 2]}, 1], [{'n': 'a', 'g': [1, 2]}, 2]]"),
  (
    "{{ [{'proto':'eigrp','state':'en'},{'proto':'ospf'}] | rekey_on_member('proto') }}",
    "{'eigrp': {'proto': 'eigrp', 'state': 'en'}, 'ospf': {'proto': 'ospf'}}"
  ),
  (
    "{{ 'foo bar' | regex_replace('(\\w+) (\\w+)', '\\2 \\1') }} {{ 'foo' | regex_search('o+') }} {{ 'foo' | regex_search('(f)(o)', '\\1', '\\2') }} {{ 'a1b2' | regex_findall('[0-9]') }} {{ 'a.b*' | regex_escape }} {{ 'x' | regex_search('y') }} {{ 'a.b*' | regex_escape('posix_basic') }}",
    "\"bar foo oo ['f', 'o'] ['1', '2'] a\\\\.b\\\\*  a\\\\.b\\\\*\""
  ),
  (
    "{{ 'http://user:pw@host:80/p?q=1#f' | urlsplit }} {{ 'http://user:pw@host:80/p?q=1#f' | urlsplit('hostname') }} {{ 'a b&c' | urlencode }} {{ 'a%20b' | urldecode }}",
    "\"{'fragment': 'f', 'hostname': 'host', 'netloc': 'user:pw@host:80', 'password': 'pw', 'path': '/p', 'port': 80, 'query': 'q=1', 'scheme': 'http', 'username': 'user'} host a%20b%26c a b\""
  ),
  (
    "{{ '2020-01-02 03:04:05' | to_datetime }} {{ ('2020-01-03' | to_datetime('%Y-%m-%d') - '2020-01-01' | to_datetime('%Y-%m-%d')).days }} {{ '%Y-%m-%d' | strftime(0, utc=true) }}",
    "'2020-01-02 03:04:05 2 1970-01-01'"
  ),
  (
    "{{ 10 | log }} {{ 100 | log(10) }} {{ 2 | pow(5) }} {{ 27 | root(3) }} {{ 9 | root }}",
    "'2.302585092994046 2.0 32.0 3.0 3.0'"
  ),
  (
    "{{ true | ternary('a','b') }} {{ none | ternary('a','b','c') }} {{ 'yes' | bool }} {{ 1 | bool }} {{ '0' | bool }}",
    "'a c True True False'"
  ),
  (
    "{{ 'a,b' | split(',') }} {{ 'a b' | split }} {{ 'abc' | random(seed='x') }} {{ 100 | random(seed='y') }} {{ [1,2,3,4,5] | shuffle(seed='z') }} {{ 100|random(1, 10, seed=5) }}",
    "\"['a', 'b'] ['a', 'b'] c 24 [4, 3, 5, 2, 1] 91\""
  ),
  (
    "{{ 'abc' is match('a') }} {{ 'abc' is search('c') }} {{ 'abc' is regex('B', ignorecase=true) }} {{ 'ab' is match('b') }}",
    "'True True True False'"
  ),
  (
    "{{ '1.2.3' is version('1.2', '>') }} {{ '1.0' is version('1.0.0', 'eq') }} {{ '1.0a1' is version('1.0', '<', strict=true) }} {{ '1.2.3-rc1' is version('1.2.3', '<', version_type='semver') }} {{ '1.0' is version('1.0.0', 'eq', version_type='pep440') }} {{ '2.10' is version('2.9', 'gt') }} {{ '1.2' is version('1.2') }}",
    "'True False True True True True True'"
  ),
  (
    "{{ {'failed': true} is failed }} {{ {'changed': true} is changed }} {{ {'skipped': true} is skipped }} {{ {'rc':0} is success }} {{ {'finished': 1} is finished }} {{ {} is not failed }} {{ {'results':[{'changed':true}]} is changed }}",
    "'True True True True True True True'"
  ),
  (
    "{{ [3,1]|min }} {{ [3,1]|max }} {{ [{'a':1},{'a':2}]|max(attribute='a') }} {{ [1,2]|sum }} {{ [[1,2],[3]]|sum(start=[]) }}",
    "\"1 3 {'a': 2} 3 [1, 2, 3]\""
  ),
  (
    "{{ [{'t':'a','v':1},{'t':'b','v':2},{'t':'a','v':3}] | groupby('t') }}",
    "[['a', [{'t': 'a', 'v': 1}, {'t': 'a', 'v': 3}]], ['b', [{'t': 'b', 'v': 2}]]]"
  ),
  (
    "{{ {'b':1,'a':2} | dictsort }} {{ {'b':1,'a':2} | items | list }} {{ [1,2,3,4,5] | batch(2) | list }} {{ [1,2,3] | slice(2) | list }}",
    "\"[['a', 2], ['b', 1]] [['b', 1], ['a', 2]] [[1, 2], [3, 4], [5]] [[1, 2], [3]]\""
  ),
  (
    "{{ 'foo bar baz' | truncate(7) }} {{ 'foo bar' | wordwrap(3) }} {{ 'a\nb' | indent }} {{ 'a\nb' | indent(2, true) }} {{ 'hello' | center(11) }}| {{ 3.7 | round }} {{ 3.2 | round(0,'ceil') }} {{ 2.5|round }} {{ 42.55|round(1) }} {{ '3.7'|float }} {{ '0x1f'|int(base=16) }} {{ 'q'|int(9) }} {{ 1e3|int }} {{ '1e3'|int }}",
    "'foo bar baz foo\\nbar a\\n    b   a\\n  b    hello   | 4.0 4.0 2.0 42.5 3.7 31 9 1000 1000'"
  ),
  (
    "{{ {'x': 1} | pprint }} {{ '<a>' | e }} {{ '<a>x</a>' | striptags }} {{ {'a':1} | xmlattr }} {{ [1,2]|tojson }} {{ 'é<' | tojson }}",
    "'{\\'x\\': 1} &lt;a&gt; x  a=\"1\" [1, 2] \"\\\\u00e9\\\\u003c\"'"
  ),
  (
    "{{ 'AbC' | swapcase if false else 'x' }} {{ 'a' | upper ~ 'b' }} {{ [1,2]|first + 3 }} {{ 'x' if i > 3 else 'y' }} {{ (l|sort)[0] }} {{ l|sort|join(',') }} {{ l|reverse|list }}",
    "'x Ab 4 x 1 1,2,3 [2, 1, 3]'"
  ),
  (
    "{{ 5 | type_debug }} {{ none | default('x') }} {{ none | default('x', true) }} {{ '' | default('x', true) }} {{ nope | d }}| {{ nope | default(omit) is defined }}",
    "'int  x x | True'"
  ),
  (
    "{{ ['a','b'] | map('regex_replace', '^', 'x') }} {{ [{'a':{'b':1}}] | map(attribute='a.b') }} {{ l | select('gt', 1) }} {{ [{'a':1},{'a':2}] | selectattr('a', 'eq', 2) }} {{ [{'a':1},{}] | selectattr('a','defined') }} {{ [0,1,''] | select }} {{ [0,1] | reject }} {{ [{'a':0},{'a':1}] | rejectattr('a') }}",
    "\"['xa', 'xb'] [1] [3, 2] [{'a': 2}] [{'a': 1}] [1] [0] [{'a': 0}]\""
  ),
  (
    "{{ 'a' in d }} {{ d.a == 1 and not false }} {{ l is iterable }} {{ s is string }} {{ d is mapping }} {{ l is sequence }} {{ 1 is integer }} {{ 1.0 is float }} {{ none is none }} {{ true is boolean }} {{ true is true }} {{ 4 is divisibleby 2 }} {{ 'a' is in ['a'] }} {{ 1 is eq 1 }}",
    "'True True True True True True True True True True True True True True'"
  ),
  ("{{ 'x' | regex_search('y') }}", "None"),
  ("{{ 'x' | regex_search('y') is none }}", "True"),
  ("{{ 'foo' | regex_search('(f)(o)', '\\1', '\\2') }}", "['f', 'o']"),
  ("{{ 'foo' | regex_search('(?P<n>f)(o)', '\\g<n>') }}", "['f']"),
  ("{{ 'a.b*' | regex_escape('posix_basic') }}", "'a\\\\.b\\\\*'"),
  ("{{ 'foo bar' | regex_replace('(\\w+) (\\w+)', '\\2 \\1') }}", "'bar foo'"),
  ("{{ 'a1b2' | regex_findall('([a-z])([0-9])') }}", "[['a', '1'], ['b', '2']]"),
  (
    "{{ {'a':1} | combine([{'b':2},{'c':3}]) }} {{ [{'a':1},{'b':2}] | combine }}",
    "\"{'a': 1, 'b': 2, 'c': 3} {'a': 1, 'b': 2}\""
  ),
  ("{{ [1,2] | b64encode }}", "'WzEsIDJd'"),
  (
    "{{ 5 | to_uuid }} {{ 'x' | to_uuid(namespace='6ba7b810-9dad-11d1-80b4-00c04fd430c8') }}",
    "'1912f288-223d-54fb-b725-190e32747866 05b16a01-46c6-56dd-bd6e-c6dfb4a1427a'"
  ),
  ("{{ none | quote }} {{ [1] | quote }}", "\"'' '[1]'\""),
  (
    "{{ 1.5 | to_json }} {{ true | to_json }} {{ none | to_json }} {{ 'x\"y' | to_json }} {{ {1: 2, none: 3} | to_json }}",
    "'1.5 true null \"x\\\\\"y\" {\"1\": 2, \"null\": 3}'"
  ),
  ("{{ {} | ternary('a', 'b') }}", "'b'"),
  (
    "{{ [[1,2],3] | union([[1,2]]) }} {{ [{'a':1}] | difference([{'a':1}]) }} {{ [{'a':1},{'a':1}] | unique }}",
    "\"[[1, 2], 3] [] [{'a': 1}]\""
  ),
  (
    "{{ 'maybe' | bool }} {{ '' | bool }} {{ 'TRUE' | bool }} {{ 2 | bool }} {{ none | bool }} {{ [] | bool }}",
    "'False False True False False False'"
  ),
  (
    "{{ '5' is number }} {{ '5'|int is number }} {{ true is number }} {{ true is integer }} {{ 'x' is sequence }} {{ {} is sequence }} {{ {} is iterable }} {{ 1 is iterable }}",
    "'False True True False True True True False'"
  ),
  (
    "{{ lookup('dict', {'a': 1}) }} {{ q('dict', {'a': 1, 'b': 2}) }}",
    "\"{'key': 'a', 'value': 1} [{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}]\""
  ),
  ("{{ q('subelements', [{'n':'a','g':[1,2]}], 'g') }}", "[[{'n': 'a'}, 1], [{'n': 'a'}, 2]]"),
  ("{{ q('varnames', '^ne') }} {{ q('random_choice', ['a']) }}", "\"['nest'] [['a']]\""),
  ("{{ lookup('list', [1]) }} {{ q('list', 1, 2) }}", "'[1] [1, 2]'"),
  (
    "{{ lookup('items', ['a', 'b']) }} {{ lookup('items', ['a', 'b'], wantlist=true) }} {{ lookup('items', [1, 2]) }} {{ lookup('items', []) }}",
    "\"a,b ['a', 'b'] [1, 2] []\""
  ),
  ("{{ 'k' | extract(nope) | default(7) }} {{ 'k' | extract(d, ['q', 'r']) | default(8) }}", "'7 8'"),
  ("{{ [none, {'a': 1}] | combine({'b': 2}, none) }}", "{'a': 1, 'b': 2}"),
  ("{{ [{}, [{}]] | combine({}) }}", "\"error: failed to combine variables, expected dicts but got a 'list'\""),
  ("{{ true | ternary(1, nope) }}", "1"),
  ("{{ 'foo' | int(base=36) }} {{ '-zz' | int(0, 36) }} {{ '1' | int(7, 1) }}", "'20328 -1295 1'"),
  ("{{ nope | ternary(1, 2) }}", "\"error: 'nope' is undefined\""),
  ("{{ 'a' | comment(decoration='') }}", "'a\\n'"),
  ("{{ 'a' | comment(prefix='\n', prefix_count=2) }}", "'\\n\\n# a\\n#'"),
  ("{{ none | from_yaml_all }}", "[]"),
  ("{{ 'x' | password_hash(salt_size=[9]) }}", "'error: salt_size must be an integer'"),
  ("{{ [true] | items2dict }}", "'error: items2dict requires a list of dictionaries, got [True] instead.'"),
  ("{{ true | subelements('a') }}", "'error: obj must be a list of dicts or a nested dict'"),
  ("{{ {} | subelements(17) }}", "'error: subelements must be a list or a string'"),
  ("{{ none | random }}", "'error: random can only be used on sequences and integers'"),
]
