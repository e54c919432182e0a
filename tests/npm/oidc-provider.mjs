// An OpenID provider by others that gives access tokens as Keycloak's realms do. Prints its issuer once it listens; ends with its input.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const key = (kid, alg, type, options) => ({ kid, alg, use: 'sig', ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }) });
const people = { ada: { roles: ['CLIENT_ADMIN', 'offline_access'] }, olga: { roles: ['PLATFORM_ADMIN'] } };
const machines = { 'nightly-import': { roles: ['entries:write'] } };
const started = Math.floor(Date.now() / 1000);

// urn:ledger:RS256 and urn:ledger:ES256 are one audience, signed in two ways; urn:other is somebody else's.
const api = resource => ({
  scope: 'api',
  audience: resource === 'urn:other' ? 'other-api' : 'ledger-api',
  accessTokenFormat: 'jwt',
  accessTokenTTL: 300,
  jwt: { sign: { alg: resource.endsWith('ES256') ? 'ES256' : 'RS256' } },
});

// Port 0 first: an issuer is named by its address.
const server = createServer();
await new Promise(done => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    { client_id: 'ledger-portal', client_secret: 'portal', grant_types: ['password'], redirect_uris: [], response_types: [] },
    { client_id: 'nightly-import', client_secret: 'import', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  ],
  jwks: { keys: [key('first', 'RS256', 'rsa', { modulusLength: 2048 }), key('second', 'ES256', 'ec', { namedCurve: 'P-256' })] },
  cookies: { keys: ['only one process knows it'] },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  extraTokenClaims: (_, token) => ({
    azp: token.clientId,
    tenant: process.env.TENANT,
    auth_time: token.kind === 'AccessToken' ? started : undefined,
    realm_access: { roles: (people[token.accountId] ?? machines[token.clientId]).roles },
  }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => api(resource),
    },
  },
});

// The provider has no grant for passwords of its own; the token it makes is its own kind of token all the same.
provider.registerGrantType('password', async ctx => {
  const { username, resource } = ctx.oidc.params;
  const token = new provider.AccessToken({ accountId: username, client: ctx.oidc.client, scope: 'api' });
  token.resourceServer = new provider.ResourceServer(resource, api(resource));
  ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration };
}, ['username', 'resource']);

server.on('request', provider.callback());
console.log(issuer);
process.stdin.on('end', () => process.exit(0)).resume();
