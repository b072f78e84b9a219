// The interpreter's desk.
import { openDocument } from '../../src/areas/reading.ts';
import { openDialog } from '../../src/desk/dialogs.ts';
import { shortcutListOpen } from '../../src/elements/shortcuts.ts';
import * as store from '../../src/state/store.ts';
import { relayedMeeting } from './demo.ts';
import type { StoryName } from './names.ts';
import * as states from './states.ts';
import type { Story } from './told.ts';

const relayed: states.Change = (now) => relayedMeeting(now, store.serverNow());

export const DESK = {
    interpreter: { person: 'fr-1' },
    'interpreter-on': { person: 'fr-2' },
    'interpreter-two': { person: 'fr-2', change: states.twoSpeak },
    'interpreter-relay': { person: 'fr-2', change: relayed },
    'interpreter-outputs': { person: 'zh-2', change: relayed },
    'interpreter-cough': { person: 'fr-2', change: states.onDesk('fr-2', { microphone: 'cough' }) },
    'interpreter-unserved': { person: 'fr-1', change: states.frenchUnserved },
    'interpreter-unheard': {
        person: 'fr-2',
        change: (now) =>
            states.onDesk('fr-2', { silence: 'no_sound', silent_since: store.serverNow() - 6000 })(now),
    },
    'interpreter-offered': { person: 'fr-1', change: (now) => states.handover('offered')(now) },
    'interpreter-counting': { person: 'fr-1', change: (now) => states.handover('counting')(now) },
    'interpreter-displaced': {
        person: 'fr-2',
        change: states.onDesk('fr-2', { microphone: 'off', displaced_by: 'es' }),
    },
    'interpreter-lost': {
        person: 'fr-2',
        change: (now) => states.onDesk('fr-2', { microphone: 'off', lost_at: store.serverNow() - 9000 })(now),
    },
    'interpreter-check': {
        person: 'fr-2',
        change: (now) => ({ ...states.closed(now), sitting: 'suspended' }),
    },
    'interpreter-suspended': { person: 'fr-2', change: states.frenchSuspended },
    'interpreter-by-hand': { person: 'fr-2', change: states.byHand },
    'interpreter-no-device': { person: 'fr-1' },
    'interpreter-reconnecting': {
        person: 'fr-2',
        after: () => {
            store.setPhase({ phase: 'reconnecting', since: Date.now() - 12_000, reason: '' });
            store.setInterruptedSeconds(12);
        },
    },
    'interpreter-reading': {
        person: 'fr-2',
        drawn: async () => {
            const [paper] = store.meeting.peek()?.documents ?? [];
            if (paper !== undefined) {
                await openDocument(paper);
            }
        },
    },
    'interpreter-pdf': { person: 'fr-2', drawn: () => states.readsPdf('.pdf-read:not(:empty)') },
    'interpreter-suspend': { person: 'fr-1', drawn: () => openDialog('suspend') },
    'interpreter-hours': { person: 'fr-1', drawn: () => openDialog('hours') },
    'interpreter-team': { person: 'fr-1', drawn: () => openDialog('team') },
    'interpreter-sound': { person: 'fr-1', press: ['.desk-sound-devices'] },
    'interpreter-keys': {
        person: 'fr-1',
        after: () => {
            shortcutListOpen.value = true;
        },
    },
    'interpreter-long': { person: 'fr-2', change: states.longNames },
    student: { person: 'ru-1', change: states.rehearsal },
} satisfies Partial<Record<StoryName, Story>>;
