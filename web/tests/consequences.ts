// What each command of the contract does to others, by the event of the journal that says so; null for what one does to oneself, says, or
// measures. A command that is new does not compile until somebody has judged it, nor one of consequence without a key in once.spec.ts.
import type { CommandName, EventName } from '../src/contract/generated.ts';

export const CONSEQUENCES = {
    'booth.set': 'booth.changed',
    'camera.set': null,
    'channel.auto_floor': 'channel.changed',
    'channel.delay': null, // a number that is typed
    'channel.force': 'channel.changed',
    'channel.release': 'channel.changed',
    'chat.send': null,
    'desk.assign': 'desk.assigned',
    'desk.listen': null,
    'desk.microphone': 'desk.opening',
    'desk.output': 'desk.chosen',
    'desk.preselect': null,
    'desk.rest': null,
    'desk.sound_report': null,
    'document.add': null,
    'document.release': 'document.released',
    'document.remove': 'document.removed',
    'echo.set': null,
    'feed.end': 'feed.removed',
    'feed.put': 'feed.changed',
    'floor.end': 'microphone.closed',
    'floor.end_all': 'microphone.closed',
    'floor.give': 'microphone.opened',
    'floor.language': null,
    'floor.request': 'request.added',
    'floor.take': 'microphone.opened',
    'floor.withdraw': 'request.removed',
    'floor.yield': 'microphone.closed',
    'handover.accept': 'handover.changed',
    'handover.decline': 'handover.changed',
    'handover.offer': 'handover.changed',
    'handover.request': 'handover.changed',
    'help.ask': 'help.changed',
    'help.cancel': 'help.changed',
    'help.handle': 'help.changed',
    'help.say': 'help.said',
    'interlock.set': 'interlock.changed',
    'interpretation.resume': 'interpretation.changed',
    'interpretation.suspend': 'interpretation.changed',
    'item.start': 'item.started',
    'list.close': 'list.changed',
    'list.open': 'list.changed',
    'listen.set': null,
    'listen.source': null,
    'media.blocked': null,
    'media.devices': null,
    'media.join': null,
    'media.leave': null,
    'participant.remove': 'participant.removed',
    'receiver.end': null, // who hears from outside comes again by itself
    'receiver.switch': null,
    'report.read': null,
    'request.add': 'request.added',
    'request.move': 'request.moved',
    'request.remove': 'request.removed',
    'room.enter': null,
    'room.leave': null,
    'screen.set': null,
    'session.renew': null,
    'signal.send': 'signal.raised',
    'sitting.announce': 'sitting.announced',
    'sitting.close': 'sitting.changed',
    'sitting.open': 'sitting.changed',
    'sitting.suspend': 'sitting.changed',
    'talk.set': null, // while a key is held
    'team.lead': 'team.changed',
    'time.allow': 'time.allowed',
} as const satisfies Readonly<Record<CommandName, EventName | null>>;

/** A command that changes something for others. */
export type Consequent = {
    [Name in CommandName]: (typeof CONSEQUENCES)[Name] extends null ? never : Name;
}[CommandName];

/** Not by a key alone: from a list of choices, or in a dialog that is filled in, where the same said twice is said once. */
export const CHOSEN = [
    'booth.set',
    'desk.assign',
    'document.release',
    'document.remove',
    'feed.end',
    'feed.put',
    'interlock.set',
    'interpretation.suspend',
    'team.lead',
    'time.allow',
] as const satisfies readonly Consequent[];

/** What one press of a key brings about. */
export type Pressed = Exclude<Consequent, (typeof CHOSEN)[number]>;
