// How the meeting stands in the stories: changes of the demonstration, each as small as what it is about.
import { openDocument } from '../../src/areas/reading.ts';
import type { Channel, Desk, Events, Meeting } from '../../src/contract/generated.ts';
import type { MeetingEvent } from '../../src/state/phase.ts';
import * as store from '../../src/state/store.ts';

export type Change = (meeting: Meeting) => Meeting;

/** One after the other. */
export function all(...changes: readonly Change[]): Change {
    return (meeting) => changes.reduce((now, change) => change(now), meeting);
}

/** Somebody has had the floor for so long, alone. */
export function speaks(participant: string, ms = 172_000): Change {
    const opened = store.serverNow() - ms;
    return (meeting) => ({
        ...meeting,
        floor: [{ participant, opened_at: opened, position: 1 }],
        requests: meeting.requests.filter((one) => one.participant !== participant),
        participants: meeting.participants.map((one) =>
            one.id === participant
                ? { ...one, microphone: 'on', microphone_since: opened }
                : one.id === 'ken'
                  ? { ...one, microphone: 'off' }
                  : one,
        ),
    });
}

export const noneSpeaks: Change = (meeting) => ({ ...meeting, floor: [], requests: [] });

/** An observer whose time is up, and a delegation whose time is ending. */
export const twoSpeak: Change = (meeting) => ({
    ...meeting,
    floor: [
        { participant: 'bra', opened_at: store.serverNow() - 159_000, position: 2 },
        { participant: 'wmo', opened_at: store.serverNow() - 93_000, position: 1 },
    ],
});

/** The open microphone carries nothing, and is closed soon. */
export const silentFloor: Change = (meeting) => ({
    ...meeting,
    floor: meeting.floor.map((one) => ({
        ...one,
        silence: 'no_sound' as const,
        silent_since: store.serverNow() - 9000,
        closes_at: store.serverNow() + 21_000,
    })),
});

export const listClosed: Change = (meeting) => ({ ...meeting, list: 'closed' });

export const inPause: Change = (meeting) => ({
    ...meeting,
    floor: [],
    requests: [],
    sitting: 'suspended',
    resumes_at: store.serverNow() + 15 * 60_000,
    list: 'closed',
});

export const closed: Change = (meeting) => ({ ...meeting, floor: [], requests: [], sitting: 'closed' });

export const rehearsal: Change = (meeting) => ({ ...meeting, rehearsal: true });

/** Somebody stands at this place of the list. */
export function waits(participant: string, place: number): Change {
    return (meeting) => {
        const others = meeting.requests.filter((one) => one.participant !== participant);
        const own = { id: 9, participant, asked_at: store.serverNow() - 30_000 };
        return { ...meeting, requests: [...others.slice(0, place - 1), own, ...others.slice(place - 1)] };
    };
}

function onChannel(id: Channel['id'], part: Partial<Channel>): Change {
    return (meeting) => ({
        ...meeting,
        channels: meeting.channels.map((one) => (one.id === id ? { ...one, ...part } : one)),
    });
}

/** A Spanish interpreter stands on the French channel by hand. */
export const byHand: Change = onChannel('fr', {
    forced: true,
    holder: 'es-1',
    booth: 'es',
    reason: 'The French booth is without a line',
});

/** The interpreter of the own booth is asked by hand to nothing: the channel is silent. */
export const silencedByHand: Change = onChannel('fr', {
    forced: true,
    holder: '',
    state: 'silent',
    reason: 'The French booth is without a line',
});

/** Nobody interprets into French. */
export const frenchUnserved: Change = (meeting) =>
    onChannel('fr', {
        state: 'floor',
        holder: 'ken',
        unserved_since: store.serverNow() - 41_000,
    })(onDesk('fr-2', { microphone: 'off', opened_at: 0 })(meeting));

export const frenchSuspended: Change = (meeting) => ({
    ...meeting,
    booths: meeting.booths.map((one) =>
        one.language === 'fr'
            ? {
                  ...one,
                  suspended_since: store.serverNow() - 65_000,
                  announcement:
                      'L’interprétation est interrompue : le son de l’orateur ne suffit pas. Elle reprendra dès que possible.',
              }
            : one,
    ),
});

/** A desk, and the person at it. */
export function onDesk(participant: string, part: Partial<Desk>): Change {
    return (meeting) => ({
        ...meeting,
        participants: meeting.participants.map((one) =>
            one.id === participant
                ? { ...one, ...(part.microphone === undefined ? {} : { microphone: part.microphone }) }
                : one,
        ),
        booths: meeting.booths.map((booth) => ({
            ...booth,
            desks: booth.desks.map((one) => (one.participant === participant ? { ...one, ...part } : one)),
        })),
    });
}

/** The French booth hands over, or is about to. */
export function handover(state: 'offered' | 'counting'): Change {
    return (meeting) => ({
        ...meeting,
        booths: meeting.booths.map((one) =>
            one.language === 'fr'
                ? {
                      ...one,
                      handover: {
                          state,
                          from: 'fr-2',
                          to: 'fr-1',
                          deadline: store.serverNow() + (state === 'counting' ? 3000 : 60_000),
                      },
                  }
                : one,
        ),
    });
}

/** So does somebody's call for help stand. */
export function calls(participant: string, lines: Meeting['help_lines'], helper?: string): Change {
    const since = store.serverNow() - 120_000;
    return (meeting) => ({
        ...meeting,
        participants: meeting.participants.map((one) =>
            one.id === participant ? { ...one, help: helper === undefined ? 'asked' : 'handled' } : one,
        ),
        help_calls: [
            ...meeting.help_calls.filter((one) => one.participant !== participant),
            { participant, reason: 'sound', since, ...(helper === undefined ? {} : { helper }) },
        ],
        help_lines: [...meeting.help_lines, ...lines],
    });
}

/** What was written and suggested in a call of Brazil's that somebody answers. */
export function talk(helper: string): Change {
    const at = store.serverNow();
    return calls(
        'bra',
        [
            { participant: 'bra', author: 'bra', text: 'O som está a cortar muito.', at: at - 100_000 },
            {
                participant: 'bra',
                author: helper,
                text: 'Do you hear the room or the echo?',
                at: at - 80_000,
            },
            { participant: 'bra', author: helper, suggestion: 'change_microphone', at: at - 60_000 },
            { participant: 'bra', author: helper, suggestion: 'open_documents', at: at - 40_000 },
        ],
        helper,
    );
}

const LONGEST = {
    ar: 'المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية وأقاليم ما وراء البحار التابعة لها',
    zh: '大不列颠及北爱尔兰联合王国及其海外领土联合常驻代表团',
    en: 'United Kingdom of Great Britain and Northern Ireland, also on behalf of its overseas territories',
    fr: 'Royaume-Uni de Grande-Bretagne et d’Irlande du Nord, également au nom de ses territoires d’outre-mer',
    ru: 'Соединенное Королевство Великобритании и Северной Ирландии, также от имени своих заморских территорий',
    es: 'Reino Unido de Gran Bretaña e Irlanda del Norte, también en nombre de sus territorios de ultramar',
};

/** As long as the contract lets them be, without a blank and with marks above the letters. */
export const longNames: Change = (meeting) => {
    const two = twoSpeak(meeting);
    return {
        ...two,
        title: LONGEST,
        delegations: two.delegations.map((one) => ({ ...one, name: LONGEST })),
        participants: two.participants.map((one) => ({
            ...one,
            name: one.id === 'wmo' ? 'Ở̂́'.repeat(60) : 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3),
        })),
        agenda: two.agenda.map((one) => ({ ...one, title: LONGEST })),
    };
};

const PLAN = [
    { purpose: 'information', minutes: 20 },
    { purpose: 'decision', minutes: 30 },
    { purpose: 'discussion', minutes: 45 },
] as const;

/** A plan of the agenda, and twelve minutes behind it. */
export const behindPlan: Change = (meeting) => {
    const ago = (minutes: number) => store.serverNow() - minutes * 60_000;
    const begun = [ago(60), ago(35)];
    return {
        ...meeting,
        opened_at: ago(62),
        agenda: meeting.agenda.map((one, at) => ({ ...one, ...PLAN[at], started_at: begun[at] })),
    };
};

export const nearlyFull: Change = (meeting) => {
    const [delegation] = meeting.delegations;
    const [item] = meeting.agenda;
    if (delegation === undefined || item === undefined) {
        return meeting;
    }
    const delegations = Array.from({ length: 950 - meeting.delegations.length }, (_, index) => ({
        ...delegation,
        id: `d${index}`,
    }));
    const agenda = Array.from({ length: 500 - meeting.agenda.length }, (_, index) => ({
        ...item,
        id: `more-${index}`,
        state: 'pending' as const,
    }));
    return {
        ...meeting,
        delegations: [...meeting.delegations, ...delegations],
        agenda: [...meeting.agenda, ...agenda],
    };
};

type Told = { [N in keyof Events]: { type: N; data: Events[N] } }[keyof Events];

/** This happens now, in the meeting that is shown, done by the moderator. */
export function happens(...events: readonly Told[]): void {
    const stream = store.shownStream();
    const first = stream.sequence.peek() + 1;
    stream.takeEvents(
        events.map(
            (one, index) =>
                ({ ...one, seq: first + index, at: store.serverNow(), by: 'moderator' }) as MeetingEvent,
        ),
    );
}

const PATIENCE_MS = 60;

/** What is on the page once it has come. */
export async function comes<Kind extends HTMLElement>(selector: string): Promise<Kind> {
    for (;;) {
        const found = document.querySelector<Kind>(selector);
        if (found !== null) {
            return found;
        }
        await new Promise((later) => setTimeout(later, PATIENCE_MS));
    }
}

/** The meeting's PDF is opened, until something of it is there. */
export async function readsPdf(until: string): Promise<void> {
    const paper = store.meeting.peek()?.documents?.find((one) => one.form === 'pdf');
    if (paper !== undefined) {
        await openDocument(paper);
        await comes(until);
    }
}
