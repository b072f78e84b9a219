// Which file of the page a module comes in. What several consoles share would be cut into one file for each set of consoles, a dozen for each
// screen: browsers fetch six at a time, and each round of them costs a far reader a round trip. So there are two: what the room of delegates
// uses, too, and what only desks and consoles do.
import type { GetManualChunk } from 'rollup';

type ModuleInfoOf = Parameters<GetManualChunk>[1]['getModuleInfo'];

const ROOM = '/src/views/Room.tsx';
// The pages of accounts are reached by way of the house: what they share with it is in its file, and none of the desks'. The list of one's
// meetings comes behind every first screen, and the house asks for it again.
const OF_HOUSE = ['/src/house/', '/src/views/Begin.tsx', '/src/live/seats.ts'];

/** `page` is what the entrance loads; undefined: what a console has for itself. */
export const sharedChunk: GetManualChunk = (id, { getModuleInfo }) => {
    const roots = [...rootsOf(id, getModuleInfo)];
    if (roots.some((root) => getModuleInfo(root)?.isEntry)) {
        return 'page';
    }
    if (roots.length < 2 || roots.every((root) => OF_HOUSE.some((one) => root.includes(one)))) {
        return undefined;
    }
    return roots.some((root) => root.endsWith(ROOM)) ? 'room' : 'desks';
};

/** The beginnings of the page and of what it loads later from which a module is imported. */
function rootsOf(id: string, getModuleInfo: ModuleInfoOf): Set<string> {
    const roots = new Set<string>();
    const seen = new Set<string>();
    const visit = (one: string): void => {
        const module = getModuleInfo(one);
        if (seen.has(one) || module === null) {
            return;
        }
        seen.add(one);
        if (module.isEntry || module.dynamicImporters.length > 0) {
            roots.add(one);
        }
        module.importers.forEach(visit);
    };
    visit(id);
    return roots;
}
