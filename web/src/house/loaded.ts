// What a page shows of the server: read when the page opens, after each change, and when its window is looked at again, because a second
// secretary may have changed it meanwhile.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../live/problem.ts';

export interface Loaded<Value> {
    /** null until it is here; stays while it is read again. */
    value: Value | null;
    /** Why it did not come the last time. */
    problem: Problem | null;
    again: () => Promise<void>;
}

/** `about` says what is read: when it changes, what stood there before is forgotten. */
export function useLoaded<Value>(read: () => Promise<Value>, about: string): Loaded<Value> {
    const [state, setState] = useState<{ about: string; value: Value | null; problem: Problem | null }>({
        about,
        value: null,
        problem: null,
    });
    const turn = useRef(0);
    const reading = useRef(read);
    reading.current = read;
    const again = useCallback(async () => {
        turn.current += 1;
        const mine = turn.current;
        try {
            const value = await reading.current();
            if (mine === turn.current) {
                setState({ about, value, problem: null });
            }
        } catch (thrown) {
            const problem = problemOf(thrown);
            if (mine === turn.current) {
                setState((before) => ({
                    about,
                    value: before.about === about ? before.value : null,
                    problem,
                }));
            }
        }
    }, [about]);
    useEffect(() => {
        void again();
        const seen = (): void => {
            if (document.visibilityState === 'visible') {
                void again();
            }
        };
        document.addEventListener('visibilitychange', seen);
        return () => {
            turn.current += 1;
            document.removeEventListener('visibilitychange', seen);
        };
    }, [again]);
    const here = state.about === about;
    return { value: here ? state.value : null, problem: here ? state.problem : null, again };
}
