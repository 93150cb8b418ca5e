"""What the text format takes and what it refuses, in short texts. The differential tests hold the table to C++."""

from __future__ import annotations

_ANY = "type.googleapis.com/mediapipe"
_THRESHOLD = f"node {{{{ node_options {{{{ [{_ANY}.ThresholdingCalculatorOptions] {{{{ threshold: {{}} }}}} }}}} }}}}"
_THINNER = f"node {{{{ node_options {{{{ [{_ANY}.PacketThinnerCalculatorOptions] {{{{ {{}} }}}} }}}} }}}}"
_REALS = (
    "1 -1 1.5 -.5 1e3 1E+3 1f 1.5F inf -inf INFINITY nan -nan 3.4028235e38 3.4028235677973366e38 3.4028236e38 1e39"
    " -1e39 1e400 0 10"
)
_THINNED = (
    "thinner_type: SYNC", "thinner_type: 2", "thinner_type: 0x1", "period: -9223372036854775808",
    "period: 9223372036854775807", "period: 0777", "sync_output_timestamps: 0x1", "sync_output_timestamps: 00",
    "sync_output_timestamps: false",
)  # fmt: skip

ELSE_IN_PYTHON = (
    "# bytes that are no UTF-8 in a comment: \udcff\udcfe\n",
    r'input_stream: "\a\b\f\n\r\t\v\\\'\"\?"',
    "max_queue_size: - 7",
    "node { max_in_flight: -\n3 }",
    _THRESHOLD.format("1.5F"),
    _THINNER.format("sync_output_timestamps: 0x1"),
    _THINNER.format("sync_output_timestamps: 00"),
    r'input_stream: "\ud83d\ude00"',
    r'input_stream: "\u00e9\U0001F600x"',
)
"""What C++ takes and Python's protobuf refuses or reads otherwise."""

ACCEPTED: tuple[str, ...] = (
    # nothing, blanks, comments
    "",
    " \t\r\n\v\f",
    "# only a comment",
    "# a comment at the end\n#",
    "# bytes that are no UTF-8 in a comment: \udcff\udcfe\n",
    # separators
    'input_stream: "a" input_stream: "b"',
    'input_stream: "a", input_stream: "b";',
    'input_stream: "a",\ninput_stream: "b"',
    # the forms of a message
    "node { }",
    "node: { }",
    "node < >",
    "node: < >",
    "node { input_stream_info < tag_index: 'A' > }",
    "node { }; node { },",
    'input_stream: "a" , input_stream: "b"',
    "max_queue_size: 7\n# between\n; report_deadlock: true",
    "max_queue_size: 0x1F; report_deadlock: true",
    "max_queue_size: 0x1F, report_deadlock: true",
    "input_stream: ['a', 'b'], type: 'x'",
    "input_stream: ['a', 'b']; type: 'x'",
    # lists
    'input_stream: ["a", "b"]',
    "input_stream: []",
    "node [{ }, < >]",
    "node: [{ }, { }]",
    "node: []",
    "node []",
    # strings
    "input_stream: 'single'",
    'input_stream: "one" "two" \'three\'',
    'input_stream: "one"\n  # between\n  "two"',
    r'input_stream: "\a\b\f\n\r\t\v\\\'\"\?"',
    r'input_stream: "\x41\x4 \101\7 A \U00000041"',
    r'input_stream: "\xc3\xa9"',
    'input_stream: "é 🎉"',
    'input_stream: "a\tb"',
    # numbers
    "max_queue_size: 7",
    "max_queue_size: -7",
    "max_queue_size: - 7",
    "max_queue_size: 0x1F",
    "max_queue_size: 017",
    "max_queue_size: -2147483648",
    "max_queue_size: 2147483647",
    "max_queue_size: -0x1",
    "max_queue_size: -017",
    "max_queue_size: 0x7fffffff",
    "max_queue_size: -0X80000000",
    "max_queue_size: 00",
    "node { max_in_flight: -\n3 }",
    *(_THRESHOLD.format(number) for number in _REALS.split()),
    *(_THINNER.format(field) for field in _THINNED),
    r'input_stream: "\ud83d\ude00"',
    r'input_stream: "\u00e9\U0001F600x"',
    r'input_stream: "\x4g\1018"',
    # booleans and enumerations
    "report_deadlock: true",
    "report_deadlock: True",
    "report_deadlock: t",
    "report_deadlock: 1",
    "report_deadlock: false",
    "report_deadlock: f",
    "report_deadlock: 0",
    # extensions and Any
    "executor { options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }",
    "executor { options { [ mediapipe . ThreadPoolExecutorOptions . ext ] : { num_threads: 2 } } }",
    "node { node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: true } } }",
    "node { node_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions]: { allow: true } } }",
    "node { node_options < [type.googleapis.com / mediapipe.GateCalculatorOptions] < > > }",
    "node { node_options { [type.googleprod.com/mediapipe.GateCalculatorOptions] { } } }",
    'node { node_options { type_url: "type.googleapis.com/mediapipe.GateCalculatorOptions" value: "\\x10\\x01" } }',
)

REFUSED: tuple[str, ...] = (
    # structure
    "node {",
    "node }",
    "}",
    "node { } }",
    "node < }",
    "node { >",
    "node",
    "node:",
    ":",
    "input_stream",
    'input_stream "a"',
    'input_stream: "a",,',
    'num_threads: 1 type: "a",,',
    'input_stream: "a", ; input_stream: "b"',
    'input_stream: "a" , , input_stream: "b"',
    ", input_stream: 'a'",
    "input_stream: [",
    'input_stream: ["a" "b",]',
    'input_stream: ["a",]',
    "node: 3",
    "input_stream: { }",
    # strings
    'input_stream: "open',
    "input_stream: 'open\n'",
    'input_stream: "a\nb"',
    r'input_stream: "\q"',
    r'input_stream: "\x"',
    r'input_stream: "\u12"',
    "input_stream: bare",
    "input_stream: 3",
    # numbers
    "max_queue_size: 2147483648",
    "max_queue_size: -2147483649",
    "max_queue_size: 1.5",
    "max_queue_size: 08",
    "max_queue_size: 0x",
    "max_queue_size: 7up",
    "max_queue_size: --7",
    "max_queue_size: 'seven'",
    "max_queue_size: 1f",
    # booleans and enumerations
    "report_deadlock: yes",
    "report_deadlock: 2",
    "report_deadlock: TRUE",
    # fields
    "unknown: 3",
    "unknown { }",
    "max_queue_size: 1 max_queue_size: 2",
    "report_deadlock: [true, false]",
    # extensions and Any
    "executor { options { [mediapipe.NoSuchOptions.ext] { } } }",
    "executor { [mediapipe.ThreadPoolExecutorOptions.ext] { } }",
    "node { node_options { [type.googleapis.com/mediapipe.NoSuchOptions] { } } }",
    "node { node_options { [example.com/mediapipe.GateCalculatorOptions] { } } }",
    "node { node_options { [mediapipe.GateCalculatorOptions] { } } }",
    "node { node_options { [mediapipe.GateCalculatorOptions.ext] { } } }",
    "node { options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { } } }",
    # characters
    "\ufeffnode { }",
    "node\x00 { }",
    "nöde { }",
    "node { } @",
    "// a comment of another language",
    "/* and another */",
)
