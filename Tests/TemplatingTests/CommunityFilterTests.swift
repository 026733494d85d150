import Model
import Testing

/// What filters of community.general and ansible.utils make, by their documentation and by Python's own modules.
@Suite struct CommunityFilterTests {
  @Test(arguments: answers)
  func `a filter of a collection comes to what its documentation says`(source: String, expected: String) {
    #expect(rendered(source).pythonRepr == expected)
  }

  @Test(arguments: seeded)
  func `a seed leads to the numbers that Python's twister makes of it`(source: String, expected: String) {
    #expect(rendered(source).pythonRepr == expected)
  }
}

private let answers: [(String, String)] = [
  ("{{ 'hello' | community.general.crc32 }} {{ 'é' | crc32 }}", "'3610a686 e048d3e'"),
  ("{{ '52:54:00' | community.general.random_mac(seed='web1') }}", "'52:54:00:63:d2:09'"),
  ("{{ 'AA' | random_mac(5) }} {{ '00:11:22:33:44' | random_mac(seed='x') }}", "'aa:51:9f:76:7c:45 00:11:22:33:44:60'"),
  ("{{ '52:54' | random_mac | length }}", "17"),
  ("{{ 'zz' | random_mac }}", "'error: Invalid value (zz) for random_mac: zz not hexa byte'"),
  (
    "{{ 'a,b\n1,\"x,\"\"y\"\n\n2\n' | community.general.from_csv }}",
    "[{'a': '1', 'b': 'x,\"y'}, {'a': '2', 'b': None}]"
  ),
  ("{{ '1; 2' | from_csv(fieldnames=['p', 'q'], delimiter=';', skipinitialspace=true) }}", "[{'p': '1', 'q': '2'}]"),
  (
    "{{ '[DEFAULT]\nd = 1\n[a]\nKey = v ; x\nk2: two\n  more\n\n# c\n[b]\nz=' | community.general.from_ini }}",
    "{'a': {'d': '1', 'Key': 'v ; x', 'k2': 'two\\nmore'}, 'b': {'d': '1', 'z': ''}, 'DEFAULT': {'d': '1'}}"
  ),
  (
    "{{ {'a': {'x': 1, 'Y': 'p\nq'}, 'b': {}, 'DEFAULT': {'q': true}} | community.general.to_ini }}",
    "'[DEFAULT]\\nq = True\\n\\n[a]\\nx = 1\\nY = p\\n\\tq\\n\\n[b]\\n'"
  ),
  ("{{ {} | to_ini }}", "'error: to_ini received an empty dict. An empty dict cannot be converted.'"),
  ("{{ ['x'] | map('upcase') }}", "\"error: No filter named 'upcase'.\""),
  (
    "{% for form in ['NFC', 'NFD', 'NFKC', 'NFKD'] %}{{ 'e\u{301}\u{FB01}' | unicode_normalize(form) | length }}{% endfor %}", "'2334'"
  ),
  ("{{ [1, {'foo': 'bar'}] | community.general.json_patch('add', '/1/moo', 2) }}", "[1, {'foo': 'bar', 'moo': 2}]"),
  ("{{ [1, {'foo': 'bar'}] | json_patch('remove', '/1/foo') }} {{ [1, 2] | json_patch('add', '/-', 3) }}", "'[1, {}] [1, 2, 3]'"),
  ("{{ {'a': {'b': 1}} | json_patch('move', '/c', from='/a/b') }} {{ {'a~/b': 1} | json_patch('replace', '/a~0~1b', 2) }}",
   "\"{'a': {}, 'c': 1} {'a~/b': 2}\""),
  ("{{ {'a': 1} | json_patch('test', '/a', 2) }}", "None"),
  (
    "{{ {'a': 1} | community.general.json_patch_recipe([{'op': 'test', 'path': '/a', 'value': 1}, {'op': 'copy', 'from': '/a', 'path': '/b'}]) }}",
    "{'a': 1, 'b': 1}"
  ),
  ("{{ '1234:4321:abcd:dcba::17' | ansible.utils.ipcut(-2) }} {{ '192.168.1.2' | ipcut(3) }}", "'0:17 192.168.1'"),
  ("{{ '1234:4321:abcd:dcba::17' | ansible.utils.ipv6form('expand') }}", "'1234:4321:abcd:dcba:0000:0000:0000:0017'"),
  (
    "{{ '10.0.0.4/30' | ansible.utils.usable_range }}",
    "{'number_of_ips': 4, 'usable_ips': ['10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.7']}"
  ),
  ("{{ 'ab'.encode('utf-16-le') | b64encode }} {{ 'é'.encode() | md5 }} {{ 'é' | md5 }}",
   "'YQBiAA== 66ddcd97cfdeabb2f6fb8a999b4bc76f 66ddcd97cfdeabb2f6fb8a999b4bc76f'"),
  ("{{ 'é'.encode('latin-1').decode('latin-1') }} x{{ 'é'.encode() }}", "\"é xb'\\\\xc3\\\\xa9'\""),
  ("{{ 'é'.encode('ascii') }}", "\"error: 'ascii' codec can't encode character '\\\\xe9' in position 0: ordinal not in range(128)\""),
  ("{{ 'Hello'.translate('Hello'.maketrans('lo', '01', 'H')) }}", "'e001'"),
  ("{{ 5 | to_jsno }}", "\"error: No filter named 'to_jsno' found.\""),
]

/// Asked of ansible-core once: runbooks spread cron's minutes over hosts like this.
private let seeded: [(String, String)] = [
  ("{{ 59 | random(seed='web01.example.com') }} {{ 100 | random(seed='host1') }}", "'38 62'"),
  ("{{ 10 | random(1, 3, seed='a') }} {{ 10 | random(start=2, step=3, seed='a') }} {{ [3, 1, 2] | random(seed='x') }}", "'4 5 2'"),
  ("{{ range(20) | shuffle(seed='abc') }}", "[12, 18, 7, 8, 15, 2, 6, 16, 9, 13, 10, 1, 3, 0, 4, 5, 19, 11, 14, 17]"),
  ("{{ range(20) | shuffle(seed=-5) }}", "[4, 9, 6, 5, 14, 17, 18, 1, 2, 15, 10, 3, 12, 7, 13, 0, 16, 11, 8, 19]"),
  ("{{ range(20) | shuffle(seed=1.5) }}", "[3, 7, 0, 16, 19, 9, 11, 12, 1, 18, 10, 15, 5, 2, 13, 6, 14, 4, 8, 17]"),
  ("{{ range(20) | shuffle(seed=true) }}", "[11, 5, 17, 19, 9, 0, 16, 1, 15, 6, 10, 13, 14, 12, 7, 3, 8, 2, 18, 4]"),
  ("{{ range(20) | shuffle(seed='äö') }}", "[3, 17, 14, 18, 4, 15, 1, 12, 2, 10, 9, 11, 19, 0, 16, 8, 13, 5, 7, 6]"),
  (
    "{{ range(20) | shuffle(seed=12345678901234567890123) }}",
    "[16, 0, 14, 8, 2, 7, 13, 17, 15, 3, 10, 9, 1, 19, 11, 6, 12, 4, 18, 5]"
  ),
  ("{{ 10000000000000 | random(seed='big') }} {{ 10 | random(seed=0.1) }} {{ 10 | random(seed=-2.75) }}", "'9709053980646 3 2'"),
]
