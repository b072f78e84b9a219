"""docs/permissions.md: who may do and see what."""


def matrix(contract):
    capacities = contract.enums["capacity"].values
    out = ["| command | " + " | ".join(capacities) + " | what it does |\n", "|---" * (len(capacities) + 2) + "|\n"]
    for command in contract.commands.values():
        marks = ["●" if name in command.by else "◐" if name in command.on_behalf else "" for name in capacities]
        out.append(f"| `{command.name}` | " + " | ".join(marks) + f" | {command.doc} |\n")
    return "".join(out)


def abilities(contract):
    capacities = contract.capacities.can
    out = ["| ability | " + " | ".join(capacities) + " | what it is |\n", "|---" * (len(capacities) + 2) + "|\n"]
    for ability, doc in contract.capacities.abilities.items():
        marks = ["●" if ability in can else "" for can in capacities.values()]
        out.append(f"| `{ability}` | " + " | ".join(marks) + f" | {doc} |\n")
    return "".join(out)


def visibility(contract):
    out = ["| event | told to | what happened |\n|---|---|---|\n"]
    for event in contract.events.values():
        audience = (contract.readers[event.reader].doc if event.reader else
                    "everyone" if event.visible_to is None else ", ".join(event.visible_to))
        out.append(f"| `{event.name}` | {audience} | {event.doc} |\n")
    return "".join(out)


def generate(contract):
    return ("# Who may do and see what\n\n"
            "Generated from `contract/` by `tools/contract.py permissions`; the server enforces exactly this table.\n\n"
            "## Abilities\n\nWhat somebody can do in a capacity; commands, events and the code ask for these alone.\n\n" + abilities(contract) +
            "\n## Commands\n\n● in one's own right; ◐ on the chair's behalf, and logged as such.\n\n" + matrix(contract) +
            "\n## Events\n\nEveryone sees the events about themselves. Others than those named receive the event's number\n"
            "alone, so that nobody's sequence has a gap. The snapshot keeps to the same rule.\n\n" + visibility(contract))
