import Support

/// Templates that mostly compile: every filter, test and method, on values and with arguments that they may not expect.
enum GrammarFuzz {
  static func template(_ random: inout SplitMix) -> String {
    var source = ""
    for _ in 0...(random.next() % 3) {
      let value = expression(&random, depth: 3)
      switch random.next() % 8 {
      case 0: source += "{% for x in \(value) %}{{ x\(filter(&random, depth: 1)) }}{{ loop.index }}{% endfor %}"
      case 1: source += "{% if \(value) %}{{ \(expression(&random, depth: 2)) }}{% endif %}"
      case 2: source += "{% set x = \(value) %}{{ x }}"
      case 3: source += "{% macro m(a, b=\(value)) %}{{ a }}{{ b }}{% endmacro %}{{ m(\(expression(&random, depth: 1))) }}"
      default: source += "{{ \(value) }}"
      }
    }
    return source
  }

  private static func expression(_ random: inout SplitMix, depth: Int) -> String {
    if depth == 0 || random.next() % 6 == 0 { return random.pick(values) }
    let inner = expression(&random, depth: depth - 1)
    switch random.next() % 8 {
    case 0: return "(\(inner)) \(random.pick(operators)) (\(expression(&random, depth: depth - 1)))"
    case 1: return "(\(inner)).\(random.pick(methods))(\(arguments(&random)))"
    case 2: return "(\(inner)) is \(random.pick(tests))(\(arguments(&random)))"
    case 3: return "(\(inner))[\(random.pick(indices))]"
    case 4: return "\(random.pick(functions))(\(arguments(&random)))"
    default: return "(\(inner))" + filter(&random, depth: depth)
    }
  }

  private static func filter(_ random: inout SplitMix, depth: Int) -> String {
    " | \(random.pick(filters))(\(random.next() % 3 == 0 ? "" : arguments(&random)))"
  }

  private static func arguments(_ random: inout SplitMix) -> String {
    (0..<(random.next() % 4)).map { _ in random.next() % 5 == 0 ? random.pick(named) : random.pick(values) }.joined(separator: ", ")
  }

  private static func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }

  private static let values = words(
    """
    0 1 -1 2 7 255 9223372036854775807 -9223372036854775808 99999999999999999999999 1.5 -0.0 1e308 1e-308 1e400 true false none
    '' 'a' 'é' 'ab' '1' '-1' '1e999' '0x' '%' '%s' '%d' '%999999d' '{}' '{0}' '{:>99999}' '{a' '(' '(a|b)*' '\\\\1' '\\\\g<9>' '*'
    '1.2.3' '10.0.0.1/24' '::1/64' '255.255.255.255/0' '::/0' '2020-02-30' '%Y-%m-%d' '1d' '10M' 'a.b' 'a,b' '/a/../b' '{"a":1}'
    '[1,' 'a:1' '&a[*a]' 'http://u:p@h:99999/p?q#f' '00:11:22:33:44:55' 'eA==' '=' '$ANSIBLE_VAULT;1.1;AES256' 'sha512' 'key'
    [] [1] [3,1,2] ['a',1,none] [[1],[2,[3]]] [['a',1],['b',2]] [{'a':1},{'a':2}] {} {'a':1} {'a':{'b':[1]}} {1:2} {'key':'a','value':1}
    l d s u (1,2) () range(5) range(0) 'abc'*100 l*50 u.v d.b
    """)
  private static let named = words(
    """
    attribute='a' default=1 reverse=true case_sensitive=true recursive=true list_merge='append' levels=-1 start=-5 count=-1 width=0
    width=-1 length=-9223372036854775808 indent=-3 first=true base=37 precision=400 method='ceil' seed='x' step=0 multiline=true
    skip_missing=true fillvalue=none index=-1 query='net' unit='K' binary=true linecount=-1 op='add' path='/0/a' fill_with=0 prefix_count=-1 a=1
    """)
  private static let operators = words("+ - * / // % ** ~ == != < <= > >= in and or") + ["not in"]
  private static let indices = words("0 -1 99 1: :-1 ::-1 ::2 5:1 'a' none 9223372036854775807: :-9223372036854775808 ::9223372036854775807 l")
  private static let functions = words("range dict namespace cycler joiner lipsum now undef query lookup q")
    + ["query('sequence', ", "query('nested', ", "query('together', ", "query('subelements', ", "query('dict', "].map { $0 + "l)|list" }
  private static let filters = words(
    """
    abs accumulate attr b64decode b64encode batch bool capitalize center checksum cidr_merge combinations combine comment commonpath
    counter default dict dict2items dict_kv dictsort difference escape extract filesizeformat finalize first flatten float
    forceescape format from_json from_yaml from_yaml_all get_path groupby groupby_as_dict hash human_readable human_to_bytes hwaddr
    indent index_of int intersect ip4_hex ipaddr ipmath ips_in_ranges ipsubnet ipv4 ipv6 ipwrap items items2dict join json_query
    keep_keys last length list lists_difference lists_intersect lists_mergeby lists_symmetric_difference lists_union log lower macaddr
    mandatory map max md5 min network_in_network network_in_usable next_nth_usable nthhost path_join permutations pow pprint
    previous_nth_usable product quote random reduce_on_network regex_escape regex_findall regex_replace regex_search reject rejectattr
    rekey_on_member relpath remove_keys replace replace_keys reverse root round safe select selectattr sha1 shuffle slaac slice sort
    split splitext strftime string striptags subelements sum symmetric_difference ternary title to_datetime to_days to_json to_nice_json
    to_nice_yaml to_paths to_time_unit to_uuid to_yaml tojson trim truncate type_debug union unique unvault upper urldecode urlencode
    urlize urlsplit version_sort win_basename win_dirname win_splitdrive wordcount wordwrap xmlattr zip zip_longest basename dirname
    expanduser normpath random_mac from_csv from_ini to_ini crc32 unicode_normalize json_patch json_patch_recipe ipcut
    ipv6form usable_range
    """)
  private static let tests = words(
    """
    abs all any boolean callable changed contains defined divisibleby eq escaped even failed false falsy filter float ge gt in
    in_any_network in_network integer ip ipv4 ipv4_netmask ipv6 iterable le loopback lower lt mac mapping match multicast nan ne none
    number odd private public regex sameas search sequence skipped string subnet_of subset succeeded superset test true truthy
    undefined upper uri url urn vault_encrypted version
    """)
  private static let methods = words(
    """
    append bit_length capitalize center clear copy count encode endswith expandtabs extend find format format_map fromkeys get index
    insert isdigit isidentifier istitle items join keys ljust lower lstrip partition pop popitem remove removeprefix removesuffix
    replace reverse rfind rindex rjust rpartition rsplit rstrip setdefault sort split splitlines startswith strip swapcase title
    update upper values zfill year strftime isoformat total_seconds translate maketrans decode hex
    """)
}
