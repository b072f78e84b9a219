"""TypeScript: every type of the interface, the permission table and the maxima."""
from .model import BODY_MAX, LANGUAGES, maximum_name, pascal


def literal(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def type_of(field):
    if field.kind == "enum":
        return " | ".join(literal(value) for value in field.only) if field.only else pascal(field.of)
    if field.kind == "list":
        return ("number" if field.of == "integer" else pascal(field.of)) + "[]"
    simple = {"id": "string", "text": "string", "sdp": "string", "localized": "Localized", "integer": "number",
              "time": "number", "boolean": "boolean"}
    return simple.get(field.kind) or pascal(field.of)


def member(field):
    return f"{field.name}{'?' if field.optional else ''}: {type_of(field)}"


def inline(fields):
    return "{ " + "; ".join(member(field) for field in fields) + " }" if fields else "Record<string, never>"


def doc(text, indent=""):
    return f"{indent}/** {text} */\n" if text else ""


def mapping(name, group, fields_of):
    out = [f"export type {name} = {{\n"]
    for shape in group.values():
        if name != "Replies":
            out.append(doc(shape.doc, "    "))
        out.append(f"    {literal(shape.name)}: {inline(fields_of(shape))};\n")
    out.append("};\n\n")
    return "".join(out)


def enums(contract):
    out = []
    for enum in contract.enums.values():
        values = ", ".join(literal(value) for value in enum.values)
        out.append(doc(enum.doc) + f"export type {pascal(enum.name)} = {' | '.join(map(literal, enum.values))};\n"
                   f"export const {enum.name.upper()}_VALUES: readonly {pascal(enum.name)}[] = [{values}];\n")
    return "".join(out) + "\n"


ABILITY = """/** Whether somebody of this capacity has any of these abilities; who has no capacity has none. */
export function can(capacity: Capacity | null | undefined, ...any: Ability[]): boolean {
    return capacity != null && any.some((one) => ((ABILITIES[one] >> CAPACITY_VALUES.indexOf(capacity)) & 1) === 1);
}

"""


def abilities(contract):
    out = [doc("What somebody can do in a capacity."), "export type Ability =\n"]
    for name, words in contract.capacities.abilities.items():
        out.append(doc(words, "    ") + f"    | {literal(name)}\n")
    out[-1] = out[-1].rstrip() + ";\n"
    # Numbers and not lists: the entrance loads them, and may be 60,000 bytes.
    out.append(doc("Who can do it: one bit for each capacity, in the order of CAPACITY_VALUES.") + "const ABILITIES: Readonly<Record<Ability, number>> = {\n")
    capacities = contract.enums["capacity"].values
    for name in contract.capacities.abilities:
        has = [capacity for capacity, can in contract.capacities.can.items() if name in can]
        out.append(f"    {name}: 0b{sum(1 << capacities.index(capacity) for capacity in has):0{len(capacities)}b},\n")
    out.append("};\n" + ABILITY)
    return "".join(out)


def refusals(contract):
    out = [doc("Why commands are refused; each has its words in the catalogues."), "export type RefusalReason =\n"]
    out.extend(f"    | {literal(name)}\n" for name in contract.refusals)
    out[-1] = out[-1].rstrip() + ";\n"
    out.append("export const REFUSAL_REASONS: readonly RefusalReason[] = [\n")
    out.extend(f"    {literal(name)},\n" for name in contract.refusals)
    return "".join(out) + "];\n\n"


def interfaces(contract):
    out = [doc("One text in each of the six languages; times are milliseconds since 1970 UTC."),
           "export interface Localized {\n", *(f"    {language}: string;\n" for language in LANGUAGES), "}\n\n"]
    for shape in contract.resources.values():
        out.append(doc(shape.doc) + f"export interface {pascal(shape.name)} {{\n")
        for field in shape.fields:
            out.append(doc(field.doc, "    ") + f"    {member(field)};\n")
        out.append("}\n\n")
    return "".join(out)


MESSAGES = """export type CommandName = keyof Commands;
export type EventName = keyof Events;
export type NoticeName = keyof Notices;

/** Which stream a message belongs to. The one of the connection's address is not named in messages. */
export type StreamName = `meeting/${string}`;
/** One event of the journal, told apart by `type`. `by` is empty when the server itself did it. */
export type EventMessage = {
    [N in EventName]: { seq: number; at: number; by: string; on_behalf_of_chair?: boolean; type: N; data: Events[N] };
}[EventName];
/** An event that this person may not see: only its number. */
export interface WithheldMessage {
    seq: number;
    type: 'withheld';
}
export type NoticeMessage = { [N in NoticeName]: { notice: N; data: Notices[N]; stream?: StreamName } }[NoticeName];
export type CommandMessage = {
    [N in CommandName]: { id: number; command: N; data: Commands[N]; stream?: StreamName };
}[CommandName];

/** A refusal (RFC 9457); `type` is /problems/SLUG. */
export interface ProblemMessage {
    type: string;
    title: string;
    status: number;
    refusal?: { reason: RefusalReason; came?: number; most?: number; participant?: string };
    detail?: string;
    field?: string;
    instance?: string;
}
/** The first message of every stream. */
export interface Hello {
    protocol: number;
    participant: string;
    /** Oneself, when one is of the audience, who is in no list. */
    self?: Participant;
    meeting: string;
    capacity: Capacity;
    now: number;
    seq: number;
    resumed: boolean;
    plan: MediaPlan;
    may: CommandName[];
}
/** `reply` is 0 when the server could not read the message's id. */
export type ReplyMessage =
    | { reply: number; data?: Replies[CommandName]; seq: number; stream?: StreamName }
    | { reply: number; problem: ProblemMessage; stream?: StreamName };
export type ServerMessage =
    | { hello: Hello; stream?: StreamName }
    | { snapshot: Meeting; seq: number; stream?: StreamName }
    | { events: (EventMessage | WithheldMessage)[]; stream?: StreamName }
    | NoticeMessage
    | ReplyMessage
    | { ping: number; streams?: Partial<Record<StreamName, number>> };
export type ClientMessage =
    | CommandMessage
    | { id: number; subscribe: { stream: StreamName; after?: number } }
    | { id: number; unsubscribe: { stream: StreamName } }
    | { pong: number };
export interface Snapshot {
    meeting: Meeting;
    seq: number;
}
export interface EventPage {
    events: (EventMessage | WithheldMessage)[];
    seq: number;
}
/** What `past_read` answers. `before`: before which to go on; without it there is nothing older. */
export interface PastPage {
    events: EventMessage[];
    before?: number;
}

"""


def permissions(contract):
    out = [doc("Who may give which command; the server checks it again."),
           "export const PERMISSIONS: Record<CommandName, Partial<Record<Capacity, 'own' | 'on_behalf_of_chair'>>> = {\n"]
    for command in contract.commands.values():
        grants = [f"{name}: 'own'" for name in command.by] + [f"{name}: 'on_behalf_of_chair'" for name in command.on_behalf]
        out.append(f"    {literal(command.name)}: {{ {', '.join(grants)} }},\n")
    out.append("};\n\n")
    return "".join(out)


def maxima(contract):
    out = [doc("Lengths of texts count characters (code points); of what machines make, bytes."), f"export const BODY_MAX = {BODY_MAX};\n"]
    for shape in contract.all_shapes():
        for field in shape.fields:
            if field.max is not None:
                out.append(f"export const {maximum_name(shape, field)} = {field.max};\n")
    return "".join(out)


def generate(contract):
    return ("// Generated from contract/ by tools/contract.py. Do not edit.\n\n" + enums(contract) + abilities(contract) + refusals(contract) + interfaces(contract) +
            mapping("Commands", contract.commands, lambda shape: shape.fields) +
            mapping("Replies", contract.commands, lambda shape: shape.reply) +
            mapping("Events", contract.events, lambda shape: shape.fields) +
            mapping("Notices", contract.notices, lambda shape: shape.fields) + MESSAGES + permissions(contract) +
            maxima(contract))
