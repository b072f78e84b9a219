// The words by the part of the page that shows them. An area is one file of words/, in six languages beside each other; the build makes a
// catalogue of each language of it.
import type accounts from './words/accounts.json';
import type desks from './words/desks.json';
import type ends from './words/ends.json';
import type entrance from './words/entrance.json';
import type house from './words/house.json';
import type interpreter from './words/interpreter.json';
import type meetings from './words/meetings.json';
import type outside from './words/outside.json';
import type paper from './words/paper.json';
import type room from './words/room.json';
import type technician from './words/technician.json';
import type unable from './words/unable.json';
import type wall from './words/wall.json';

/** The entrance, and what every screen shows; what several consoles do, the room of delegates among them; without it; what one does; the form
 * for who has no link and the help; where a way ends; who sits in several meetings; the house in which meetings are
 * prepared; accounts and the server; a PDF that is read in the page; what a browser lacks; the wall of the chamber. */
export type Area =
    | 'entrance'
    | 'room'
    | 'desks'
    | 'interpreter'
    | 'technician'
    | 'outside'
    | 'ends'
    | 'meetings'
    | 'house'
    | 'accounts'
    | 'paper'
    | 'unable'
    | 'wall';

export type MessageKey =
    | keyof typeof entrance
    | keyof typeof room
    | keyof typeof desks
    | keyof typeof interpreter
    | keyof typeof technician
    | keyof typeof outside
    | keyof typeof ends
    | keyof typeof meetings
    | keyof typeof house
    | keyof typeof accounts
    | keyof typeof paper
    | keyof typeof unable
    | keyof typeof wall;
