// What is asked before a channel that is routed by hand is left to its booth again.
import { languageName, text } from '../i18n/index.ts';
import type { Spoken } from '../state/desk.ts';

export function releaseQuestion(id: Spoken): { title: string; detail: string; confirm: string } {
    return {
        title: text('technician.release_of', { channel: languageName(id) }),
        detail: text('technician.release_detail'),
        confirm: text('technician.release'),
    };
}
