// A key whose meaning may change: it is deaf while that is new, and so are all keys of its gate once one of them has acted.

import type { ComponentChildren } from 'preact';
import { type Gate, useSettled } from './steady.ts';

interface SteadyKeyProps {
    // What a press does: another word for it, and it is another key.
    means: string;
    gate: Gate;
    onPress: () => void;
    // Nothing would come of a press, and the key says why: it keeps its place and the focus.
    unable?: boolean;
    class?: string;
    label?: string | undefined;
    title?: string | undefined;
    children: ComponentChildren;
}

export function SteadyKey({
    means,
    gate,
    onPress,
    unable = false,
    label,
    title,
    children,
    ...rest
}: SteadyKeyProps) {
    const settled = useSettled(means);
    const deaf = gate.deaf() || !settled();
    return (
        <button
            type="button"
            class={rest.class ?? 'button'}
            // Not disabled: the focus would be lost.
            aria-disabled={deaf || unable ? 'true' : undefined}
            aria-label={label}
            title={title}
            onClick={() => {
                if (!unable && !gate.deaf() && settled()) {
                    gate.act();
                    onPress();
                }
            }}
        >
            {children}
        </button>
    );
}
