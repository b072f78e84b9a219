// A real OpenID Connect provider for the integration tests: node provider.mjs PORT REDIRECT_URI. Whoever signs in there is called what they
// type; the groups of a person stand behind a plus sign ("ada+operators"). It prints "ready" once it listens.
import Provider from 'oidc-provider';

const [port, back] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
    clients: [{ client_id: 'plenary', client_secret: 'a secret: of + the/test', redirect_uris: [back] }],
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: {
        openid: ['sub'],
        profile: ['name', 'preferred_username'],
        email: ['email'],
        groups: ['groups'],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, id) => ({
        accountId: id,
        claims: () => {
            const [name, ...groups] = id.split('+');
            return {
                sub: id,
                name: `\u202e ${name} Lovelace`,
                preferred_username: name,
                email: `${name}@example.org`,
                groups,
            };
        },
    }),
});

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
