"""Message types that have whatever protobuf allows and a graph need not have: groups, maps, oneofs, required fields of
each kind, extensions of each kind, fields without presence."""

from __future__ import annotations

from functools import cache

from google.protobuf import any_pb2, text_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

_TWO = """
name: "two.proto" package: "own" dependency: "google/protobuf/any.proto" dependency: "three.proto"
enum_type { name: "Color" value { name: "RED" number: 0 } value { name: "GREEN" number: 3 } }
message_type {
  name: "All"
  field { name: "i32" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  field { name: "i64" number: 2 label: LABEL_OPTIONAL type: TYPE_SINT64 }
  field { name: "u32" number: 3 label: LABEL_OPTIONAL type: TYPE_FIXED32 }
  field { name: "u64" number: 4 label: LABEL_OPTIONAL type: TYPE_UINT64 }
  field { name: "single" number: 5 label: LABEL_OPTIONAL type: TYPE_FLOAT }
  field { name: "double" number: 6 label: LABEL_OPTIONAL type: TYPE_DOUBLE }
  field { name: "flag" number: 7 label: LABEL_OPTIONAL type: TYPE_BOOL }
  field { name: "text" number: 8 label: LABEL_OPTIONAL type: TYPE_STRING }
  field { name: "data" number: 9 label: LABEL_OPTIONAL type: TYPE_BYTES }
  field { name: "color" number: 10 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".own.Color" }
  field { name: "inner" number: 11 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.All" }
  field { name: "numbers" number: 12 label: LABEL_REPEATED type: TYPE_INT32 }
  field { name: "colors" number: 13 label: LABEL_REPEATED type: TYPE_ENUM type_name: ".own.Color" }
  field { name: "parts" number: 14 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".own.All" }
  field { name: "block" number: 15 label: LABEL_OPTIONAL type: TYPE_GROUP type_name: ".own.All.Block" }
  field { name: "counts" number: 16 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".own.All.CountsEntry" }
  field { name: "named" number: 17 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".own.All.NamedEntry" }
  field { name: "one" number: 18 label: LABEL_OPTIONAL type: TYPE_INT32 oneof_index: 0 }
  field { name: "two" number: 19 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.All" oneof_index: 0 }
  field { name: "any" number: 20 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".google.protobuf.Any" }
  field { name: "three" number: 21 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.Three" }
  field { name: "needs" number: 22 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".own.Needs" }
  field { name: "nothing" number: 23 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.Nothing" }
  field { name: "plain" number: 24 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.Plain" }
  field { name: "lists" number: 25 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.Listed" }
  field { name: "many" number: 26 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.TooMany" }
  nested_type {
    name: "Block"
    field { name: "depth" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  }
  nested_type {
    name: "CountsEntry" options { map_entry: true }
    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
    field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_INT32 }
  }
  nested_type {
    name: "NamedEntry" options { map_entry: true }
    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
    field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".own.All" }
  }
  oneof_decl { name: "choice" }
  extension_range { start: 100 end: 200 }
}
message_type {
  name: "Needs"
  field { name: "name" number: 1 label: LABEL_REQUIRED type: TYPE_STRING }
  field { name: "count" number: 2 label: LABEL_REQUIRED type: TYPE_INT32 }
  field { name: "part" number: 3 label: LABEL_REQUIRED type: TYPE_MESSAGE type_name: ".own.All" }
}
message_type { name: "Nothing" }
message_type { name: "Plain" extension_range { start: 100 end: 200 } }
message_type {
  name: "Listed"
  field { name: "LONGEST" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  field { name: "b" number: 2 label: LABEL_OPTIONAL type: TYPE_INT32 }
}
message_type {
  name: "TooMany"
  field { name: "LONGEST_" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  field { name: "b" number: 2 label: LABEL_OPTIONAL type: TYPE_INT32 }
}
message_type {
  name: "Extra"
  extension { name: "ext" extendee: ".own.All" number: 103 label: LABEL_OPTIONAL
    type: TYPE_MESSAGE type_name: ".own.Extra" }
  extension { name: "of_plain" extendee: ".own.Plain" number: 103 label: LABEL_OPTIONAL type: TYPE_INT32 }
}
extension { name: "number" extendee: ".own.All" number: 100 label: LABEL_OPTIONAL type: TYPE_INT32 }
extension { name: "words" extendee: ".own.All" number: 101 label: LABEL_REPEATED type: TYPE_STRING }
extension { name: "more" extendee: ".own.All" number: 102 label: LABEL_REPEATED
  type: TYPE_MESSAGE type_name: ".own.All" }
"""
_THREE = """
name: "three.proto" package: "own" syntax: "proto3"
enum_type { name: "Open" value { name: "NONE" number: 0 } }
message_type {
  name: "Three"
  field { name: "number" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
  field { name: "text" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING }
  field { name: "maybe" number: 3 label: LABEL_OPTIONAL type: TYPE_INT32 oneof_index: 0 proto3_optional: true }
  field { name: "open" number: 4 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".own.Open" }
  oneof_decl { name: "_maybe" }
}
"""
_LONGEST = 159 - len("b, ")
"""Names of fields are listed where they have less than 160 characters."""


@cache
def own_pool() -> DescriptorPool:
    pool = DescriptorPool()
    pool.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
    for text in (_THREE, _TWO):
        file = text_format.Parse(text.replace("LONGEST", "a" * _LONGEST), FileDescriptorProto())
        pool.AddSerializedFile(file.SerializeToString())
    return pool
