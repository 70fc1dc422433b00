// Imported before @apollo/gateway, which otherwise asks the cloud's metadata addresses who we are and exports metrics.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
