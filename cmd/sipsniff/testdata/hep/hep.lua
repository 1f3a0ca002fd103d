-- A HEP version 3 dissector for tshark, which has none of its own. It names
-- the chunks that tests compare and gives the payload to tshark's dissectors.
local hep = Proto("hep", "Homer Encapsulation Protocol")
local kinds = {
  [2] = ProtoField.uint8("hep.protocol", "IP protocol"),
  [3] = ProtoField.ipv4("hep.src4", "Source"),
  [4] = ProtoField.ipv4("hep.dst4", "Destination"),
  [5] = ProtoField.ipv6("hep.src6", "Source"),
  [6] = ProtoField.ipv6("hep.dst6", "Destination"),
  [7] = ProtoField.uint16("hep.srcport", "Source port"),
  [8] = ProtoField.uint16("hep.dstport", "Destination port"),
  [9] = ProtoField.uint32("hep.seconds", "Seconds"),
  [10] = ProtoField.uint32("hep.micros", "Microseconds"),
  [11] = ProtoField.uint8("hep.kind", "Kind"),
  [12] = ProtoField.uint32("hep.agent", "Agent"),
  [14] = ProtoField.string("hep.key", "Key"),
  [15] = ProtoField.bytes("hep.payload", "Payload"),
  [17] = ProtoField.string("hep.correlation", "Correlation"),
  [19] = ProtoField.string("hep.name", "Agent name"),
}
local fields, order = {}, ProtoField.string("hep.order", "Order of the chunks")
for _, field in pairs(kinds) do fields[#fields + 1] = field end
fields[#fields + 1] = order
hep.fields = fields

function hep.dissector(buffer, packet, tree)
  if buffer:len() < 6 or buffer(0, 4):string() ~= "HEP3" then return 0 end
  local branch = tree:add(hep, buffer())
  local offset, last, kind, payload, seen = 6, buffer(4, 2):uint(), 0, nil, {}
  while offset + 6 <= last do
    local id, length = buffer(offset + 2, 2):uint(), buffer(offset + 4, 2):uint()
    if kinds[id] and length > 6 then branch:add(kinds[id], buffer(offset + 6, length - 6)) end
    if id == 11 then kind = buffer(offset + 6, 1):uint() end
    if id == 15 then payload = buffer(offset + 6, length - 6) end
    seen[#seen + 1] = string.format("%x", id)
    offset = offset + length
  end
  branch:add(order, table.concat(seen, " "))
  local inside = ({ [1] = "sip", [5] = "rtcp", [34] = "json" })[kind]
  if payload and inside then Dissector.get(inside):call(payload:tvb(), packet, tree) end
  return buffer:len()
end

DissectorTable.get("udp.port"):add(9060, hep)
