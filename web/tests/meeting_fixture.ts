// A small meeting for tests: a chair, two delegates, an interpreter.
import type { Localized, Meeting, Participant } from '../src/contract/generated.ts';
import { CHANNEL_ID_VALUES } from '../src/contract/generated.ts';
import { emptyBooth, emptyDesk } from '../src/state/booths.ts';

export function localized(text: string): Localized {
    return { ar: text, zh: text, en: text, fr: text, ru: text, es: text };
}

export function person(id: string, part: Partial<Participant> = {}): Participant {
    return {
        id,
        name: id.toUpperCase(),
        capacity: 'delegate',
        language: 'none',
        presence: 'present',
        microphone: 'off',
        camera: false,
        screen: false,
        help: 'none',
        spoken_ms: 0,
        interventions: 0,
        ...part,
    };
}

export function aMeeting(): Meeting {
    return {
        id: 'demo',
        title: localized('Council'),
        body: localized('Body'),
        sitting: 'closed',
        sitting_number: 0,
        list: 'open',
        recorded: false,
        streamed: false,
        floor_microphones_max: 2,
        delegations: [{ id: 'fra', code: 'FRA', kind: 'member', name: localized('France') }],
        participants: [
            person('chair', { capacity: 'chair' }),
            person('ana', { delegation: 'fra' }),
            person('bo'),
            person('ines', { capacity: 'interpreter', language: 'fr' }),
        ],
        agenda: [
            { id: 'i1', number: '1', title: localized('One'), state: 'current' },
            { id: 'i2', number: '2', title: localized('Two'), state: 'pending' },
        ],
        requests: [
            { id: 1, participant: 'ana', asked_at: 10 },
            { id: 2, participant: 'bo', asked_at: 20 },
            { id: 3, participant: 'chair', asked_at: 30 },
        ],
        booths: [{ ...emptyBooth('fr'), desks: [emptyDesk('ines')] }],
        channels: CHANNEL_ID_VALUES.map((id) => ({ id, state: 'floor', auto_floor: true })),
        speaking_times: [],
        floor: [],
        feeds: [],
        interlock_a: 'no_override',
        interlock_bc: 'no_override',
        hours: [{ participant: 'ines', name: 'INES', language: 'fr', air_ms: 0, turns: 0 }],
        signals: [],
        chat: [],
        help_calls: [],
        help_lines: [],
        documents: [],
    };
}
