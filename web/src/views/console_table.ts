// The screens that the entrance does not need: what each capacity works on, the wall of the chamber, the help, the form for who has no link.
// The code of each and its words come beside each other.

import type { FunctionComponent } from 'preact';
import type { MeetingsParts } from '../areas/meetings_parts.ts';
import type { MenuParts } from '../areas/menu_parts.ts';
import type { Desk } from '../areas/roles.ts';
import type { RoomParts } from '../areas/room_parts.ts';
import { loadHelp } from '../help/index.ts';
import { type Area, bringWords, preferredLanguage } from '../i18n/index.ts';
import type { TakesParts } from '../training/takes_parts.ts';

export type ConsoleName =
    | Desk
    | 'projector'
    | 'help'
    | 'sign-in'
    | 'house'
    | 'begin'
    | 'ended'
    | 'missing'
    | 'link'
    | 'unable';
export type Console = FunctionComponent;

interface Parts {
    view: () => Promise<Console>;
    words: readonly Area[];
}

export const CONSOLES: Readonly<Record<ConsoleName, Parts>> = {
    room: { view: async () => (await import('./Room.tsx')).Room, words: ['room'] },
    chair: {
        view: async () => (await import('./ChairConsole.tsx')).ChairConsole,
        words: ['room', 'desks'],
    },
    secretary: {
        view: async () => (await import('./SecretaryConsole.tsx')).SecretaryConsole,
        words: ['room', 'desks'],
    },
    moderator: {
        view: async () => (await import('./ModeratorConsole.tsx')).ModeratorConsole,
        words: ['room', 'desks'],
    },
    interpreter: {
        view: async () => (await import('../desk/InterpreterDesk.tsx')).InterpreterDesk,
        words: ['room', 'desks', 'interpreter'],
    },
    technician: {
        view: async () => (await import('./TechnicianConsole.tsx')).TechnicianConsole,
        words: ['room', 'desks', 'technician'],
    },
    projector: {
        view: async () => (await import('./Projector.tsx')).Projector,
        words: ['wall', 'room'],
    },
    help: { view: loadHelpPages, words: ['outside'] },
    'sign-in': { view: async () => (await import('./SignIn.tsx')).SignIn, words: ['outside'] },
    begin: { view: async () => (await import('./Begin.tsx')).Begin, words: ['accounts', 'outside'] },
    ended: { view: async () => (await import('./EndPages.tsx')).EndedPage, words: ['ends'] },
    missing: { view: async () => (await import('./EndPages.tsx')).MissingPage, words: ['ends'] },
    link: { view: async () => (await import('./EndPages.tsx')).LinkProblemPage, words: ['ends'] },
    unable: { view: async () => (await import('./UnablePage.tsx')).UnablePage, words: ['unable'] },
    house: {
        view: async () => (await import('../house/House.tsx')).House,
        words: ['house', 'room', 'desks'],
    },
};

/** For who sits in several meetings, on every screen. */
export async function loadMeetings(): Promise<MeetingsParts> {
    const [{ MeetingsKey, MeetingList, MeetingCalls, MeetingWaits }] = await Promise.all([
        import('../areas/Meetings.tsx'),
        bringWords(['meetings']),
    ]);
    return { Key: MeetingsKey, List: MeetingList, Calls: MeetingCalls, Waits: MeetingWaits };
}

/** Begins with the list of one's meetings. */
export async function loadSeats(): Promise<null> {
    (await import('../live/seats.ts')).followSeats();
    return null;
}

/** What everybody has, and nobody needs at once. */
export async function loadMenu(): Promise<MenuParts> {
    const [{ Menu }, { ShortcutList }, { WhoIsHere }] = await Promise.all([
        import('../areas/Menu.tsx'),
        import('../elements/ShortcutList.tsx'),
        import('../areas/WhoIsHere.tsx'),
        bringWords(['room']),
    ]);
    return { Menu, ShortcutList, WhoIsHere };
}

/** For an interpreter in a rehearsal. */
export async function loadTakes(): Promise<TakesParts> {
    const { TakesCard, toggleTake } = await import('../training/TakesCard.tsx');
    return { Card: TakesCard, toggle: toggleTake };
}

/** Their words are those of the room. */
export async function loadRoomParts(): Promise<RoomParts> {
    const [{ Announcer, RoomNotices }, { HelpConversation }] = await Promise.all([
        import('../areas/Announcer.tsx'),
        import('../areas/HelpPanel.tsx'),
        bringWords(['room']),
    ]);
    return { Announcer, Notices: RoomNotices, Help: HelpConversation };
}

async function loadHelpPages(): Promise<Console> {
    // Beside it, not behind it; HelpPages asks for the same and says when it does not come.
    loadHelp(preferredLanguage()).catch(() => {});
    return (await import('./HelpPages.tsx')).HelpPages;
}
