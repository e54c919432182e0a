// People's administration by @keycloak/keycloak-admin-client, with the rights of the ledger's workers.
// Environment: KEYCLOAK, REALM, CLIENT_ID, CLIENT_SECRET, PROVIDER (an identity provider of the realm). Prints JSON with what it saw.
import KcAdminClient from '@keycloak/keycloak-admin-client';

const { KEYCLOAK, REALM, CLIENT_ID, CLIENT_SECRET, PROVIDER } = process.env;

const { users, roles } = await connect();
const refused = (call) => call.then(() => 'accepted', (e) => `${e.response.status} ${e.message}`);

async function connect() {
  const admin = new KcAdminClient({ baseUrl: KEYCLOAK, realmName: REALM });
  await admin.auth({ grantType: 'client_credentials', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
  return admin;
}

const person = {
  username: 'grace@ledger.test', email: 'grace@ledger.test', firstName: 'Grace', lastName: 'Demo', enabled: true,
  attributes: { tenant: ['demo'] },
};
const { id } = await users.create(person);
const duplicate = await refused(users.create(person));
const [found] = await users.find({ username: person.username, exact: true });
const ofTenant = await users.find({ q: 'tenant:demo', max: 100 });

await users.update({ id }, { ...found, firstName: 'Changed' });
await users.update({ id }, { enabled: false });
const changed = await users.findOne({ id });

const available = await users.listAvailableRealmRoleMappings({ id });
const { id: roleId, name: roleName } = available.find((r) => r.name === 'CLIENT_TECH');
await users.addRealmRoleMappings({ id, roles: [{ id: roleId, name: roleName }] });
const mapped = await users.listRealmRoleMappings({ id });
await users.delRealmRoleMappings({ id, roles: [{ id: roleId, name: roleName }] });
const unmapped = await users.listRealmRoleMappings({ id });

const weak = await refused(users.resetPassword({ id, credential: { type: 'password', value: 'short', temporary: true } }));
await users.resetPassword({ id, credential: { type: 'password', value: 'a-temporary-one-1', temporary: true } });
const { requiredActions } = await users.findOne({ id });

const link = { identityProvider: PROVIDER, userId: 'ext-1', userName: 'grace' };
await users.addToFederatedIdentity({ id, federatedIdentityId: PROVIDER, federatedIdentity: link });
const links = await users.listFederatedIdentities({ id });
await users.delFromFederatedIdentity({ id, federatedIdentityId: PROVIDER });
const linksAfter = await users.listFederatedIdentities({ id });

await users.logout({ id });
const rolesRefused = await refused(roles.find());
await users.del({ id });
const gone = await users.findOne({ id }, { catchNotFound: true });

const names = (list) => list.map((r) => r.name).sort();
console.log(JSON.stringify({
  duplicate, found: found.id === id, ofTenant: ofTenant.map((u) => u.username), changed, mapped: names(mapped), unmapped: names(unmapped),
  weak, requiredActions, links, linksAfter, rolesRefused, gone: gone ?? null,
}));
