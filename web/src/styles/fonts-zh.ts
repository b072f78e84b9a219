// The list of the Chinese font's slices: 95 kB of CSS that the first view does not wait for.
import '@fontsource-variable/noto-sans-sc/index.css';
