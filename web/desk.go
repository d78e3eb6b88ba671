package web

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/handlers/admin"
	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/web/files"
	"switchyard/web/keys"
	"switchyard/web/outbound"
	"switchyard/web/session"
)

// exportsAtOnce is how many people, and how many scripts, fetch exports from one server at a time.
const exportsAtOnce = 4

// desk are the routes of people who are signed in.
func (a *App) desk(desk group, ad *admin.Admin) {
	viewer, support, operator, administrator := can(session.Viewer), can(session.Support), can(session.Operator), can(session.Admin)

	desk.GET("/", ad.Overview, viewer)
	desk.GET("/responses", ad.Responses, viewer)
	desk.GET("/responses/export", ad.AskExport, support)
	desk.GET("/exports", ad.Exports, support)
	desk.POST("/exports", ad.Export, support)
	desk.GET("/exports/:id", ad.ShowExport, support)
	desk.GET("/exports/:id/file", ad.DownloadExport, support, lasting(time.Hour), with(oneOf(exportsAtOnce)))
	desk.POST("/exports/:id/cancel", ad.CancelExport, support)
	desk.POST("/exports/links/:id/revoke", ad.RevokeExportLink, support)
	desk.POST("/exports/schedules/:id/run", ad.RunExportSchedule, administrator)
	desk.POST("/exports/schedules/:id/switch", ad.SwitchExportSchedule, administrator)
	desk.POST("/exports/schedules/:id/delete", ad.DeleteExportSchedule, administrator)
	desk.POST("/responses/filter", ad.FilterResponses, viewer)
	desk.GET("/responses/distribution", ad.Distribution, viewer)
	desk.POST("/responses/find", ad.FindContact, viewer)
	desk.GET("/responses/columns", ad.Columns, viewer)
	desk.POST("/responses/columns", ad.SaveColumns, viewer)
	desk.POST("/responses/columns/width", ad.SizeColumn, viewer)
	desk.GET("/views", ad.Views, viewer)
	desk.GET("/views/counts", ad.CountViews, viewer)
	desk.POST("/views", ad.SaveView, viewer)
	desk.POST("/views/:id", ad.ChangeView, viewer)
	desk.POST("/views/:id/delete", ad.DeleteView, viewer)
	desk.POST("/responses/bulk", ad.Bulk, support)
	desk.GET("/triage", ad.TriageActs, viewer)
	desk.POST("/triage/:id/undo", ad.UndoTriage, support)
	desk.GET("/statuses", ad.Statuses, administrator)
	desk.POST("/statuses", ad.AddStatus, administrator)
	desk.POST("/statuses/:key", ad.ChangeStatus, administrator)
	desk.GET("/responses/:id", ad.Response, viewer)
	desk.POST("/responses/:id/reveal", ad.RevealResponse, support)
	desk.POST("/responses/:id/triage", ad.Triage, support)
	desk.POST("/responses/:id/notes", ad.AddNote, support)
	desk.POST("/responses/:id/notes/:note/remove", ad.RemoveNote, support)
	desk.GET("/responses/:id/assign", ad.AskAssign, support)
	desk.POST("/responses/:id/assign", ad.Assign, support)
	desk.POST("/responses/:id/dismiss", ad.DismissResponse, support)
	desk.POST("/responses/:id/restore", ad.RestoreResponse, support)

	desk.GET("/unmatched", ad.Unmatched, viewer)
	desk.GET("/files/:id", ad.DownloadFile, support, lasting(10*time.Minute))
	desk.POST("/files/:id/reveal", ad.RevealFile, support, lasting(10*time.Minute))
	desk.GET("/files/:id/small", ad.SmallFile, support)
	desk.GET("/files/:id/view", ad.ViewFile, support)
	desk.POST("/files/:id/retry", ad.RetryFile, support)
	desk.GET("/assignments", ad.Assignments, viewer)
	desk.POST("/assignments/:id/undo", ad.UndoAssignment, support)
	desk.GET("/mappings", ad.Mappings, operator)
	desk.POST("/mappings", ad.AddMapping, operator)
	desk.POST("/mappings/check", ad.CheckMapping, operator)
	desk.POST("/mappings/:id/remove", ad.RemoveMapping, operator)

	desk.GET("/deliveries", ad.Deliveries, viewer)
	desk.GET("/deliveries/new", ad.NewDeliveries, viewer)
	desk.POST("/deliveries/replay", ad.ReplaySelected, support)
	desk.GET("/deliveries/replay", ad.AskReplayAll, operator)
	desk.POST("/deliveries/replay-all", ad.ReplayAll, operator)
	desk.GET("/deliveries/:id", ad.Delivery, viewer)
	desk.GET("/deliveries/:id/body", ad.DeliveryBody, support)
	desk.POST("/deliveries/:id/reveal", ad.RevealDelivery, support)
	desk.POST("/deliveries/:id/replay", ad.ReplayDelivery, support)
	desk.POST("/deliveries/:id/dismiss", ad.DismissDelivery, support)
	desk.GET("/replays", ad.Replays, viewer)
	desk.GET("/replays/:id", ad.Replay, viewer)
	desk.POST("/replays/:id/cancel", ad.CancelReplay, operator)

	desk.GET("/targets", ad.Targets, viewer)
	desk.POST("/targets", ad.CreateTarget, administrator)
	desk.GET("/targets/new", ad.NewTarget, administrator)
	desk.GET("/targets/hosts", ad.AllowedHosts, administrator)
	desk.POST("/targets/hosts", ad.AllowHost, administrator)
	desk.POST("/targets/hosts/:id/delete", ad.DisallowHost, administrator)
	desk.GET("/targets/:id", ad.Target, viewer)
	desk.GET("/targets/:id/settings", ad.TargetSettings, administrator)
	desk.POST("/targets/:id/settings", ad.UpdateTarget, administrator)
	desk.POST("/targets/:id/switch", ad.SwitchTarget, administrator)
	desk.POST("/targets/:id/secret", ad.RenewTargetSecret, administrator)
	desk.POST("/targets/:id/delete", ad.DeleteTarget, administrator)
	desk.GET("/targets/:id/test", ad.TargetTest, operator)
	desk.POST("/targets/:id/test", ad.SendTargetTest, operator, with(oneOf(4)))
	desk.POST("/targets/:id/retry", ad.RetryForwards, support)
	desk.GET("/targets/:id/retry", ad.AskRetryAll, support)
	desk.POST("/targets/:id/retry-all", ad.RetryAll, support, lasting(time.Minute))

	desk.GET("/account-events", ad.AccountEvents, viewer)
	desk.GET("/account-events/:id", ad.AccountEvent, viewer)

	desk.GET("/alerts", ad.Alerts, viewer)
	desk.GET("/alerts/live", ad.LiveAlerts, viewer, lasting(time.Minute))
	desk.GET("/alerts/handover", ad.Handover, viewer)
	desk.GET("/alerts/handover/export", ad.ExportHandover, viewer, lasting(10*time.Minute))
	desk.POST("/alerts/bulk", ad.ActOnAlerts, support)
	desk.GET("/alerts/:id", ad.Alert, viewer)
	desk.POST("/alerts/:id/acknowledge", ad.AcknowledgeAlert, support)
	desk.POST("/alerts/:id/unacknowledge", ad.UnacknowledgeAlert, support)
	desk.POST("/alerts/:id/snooze", ad.SnoozeAlert, support)
	desk.POST("/alerts/:id/resolve", ad.ResolveAlert, support)
	desk.POST("/alerts/:id/assign", ad.AssignAlert, support)
	desk.POST("/alerts/:id/comment", ad.CommentAlert, support)
	desk.POST("/alerts/:id/undo", ad.UndoAlertAct, support)

	desk.GET("/notifications", ad.Receivers, administrator)
	desk.POST("/notifications", ad.CreateReceiver, administrator)
	desk.GET("/notifications/new", ad.NewReceiver, administrator)
	desk.GET("/notifications/mail-server", ad.MailServer, administrator)
	desk.POST("/notifications/mail-server", ad.SetMailServer, administrator)
	desk.POST("/notifications/mail-server/remove", ad.RemoveMailServer, administrator)
	desk.POST("/notifications/mail-server/test", ad.TestMailServer, administrator, with(oneOf(4)))
	desk.GET("/notifications/:id", ad.Receiver, administrator)
	desk.GET("/notifications/:id/settings", ad.ReceiverSettings, administrator)
	desk.POST("/notifications/:id/settings", ad.UpdateReceiver, administrator)
	desk.POST("/notifications/:id/switch", ad.SwitchReceiver, administrator)
	desk.POST("/notifications/:id/secret", ad.RenewReceiverSecret, administrator)
	desk.POST("/notifications/:id/delete", ad.DeleteReceiver, administrator)
	desk.GET("/notifications/:id/test", ad.ReceiverTest, administrator)
	desk.POST("/notifications/:id/test", ad.SendReceiverTest, administrator, with(oneOf(4)))
	desk.POST("/notifications/:id/retry", ad.RetryPost, administrator)

	desk.GET("/flows", ad.Flows, viewer)
	desk.GET("/flows/new", ad.NewFlow, operator)
	desk.POST("/flows", ad.CreateFlow, operator)
	desk.GET("/flows/:flow", ad.Flow, viewer)
	desk.GET("/flows/:flow/settings", ad.FlowSettings, operator)
	desk.POST("/flows/:flow/settings", ad.UpdateFlow, operator)
	desk.GET("/flows/:flow/try", ad.Try, operator)
	desk.POST("/flows/:flow/try", ad.PlayTry, operator, body("1MiB"))
	desk.GET("/flows/:flow/retention", ad.Retention, operator)
	desk.POST("/flows/:flow/retention", ad.SetRetention, administrator)
	desk.POST("/flows/:flow/limits", ad.SetFlowLimits, operator)
	desk.GET("/flows/:flow/sensitive", ad.SensitiveAnswers, operator)
	desk.POST("/flows/:flow/sensitive", ad.MarkSensitive, operator)
	desk.GET("/flows/:flow/screens", ad.FlowScreens, viewer)
	desk.GET("/flows/:flow/json", ad.FlowJSONs, viewer)
	desk.POST("/flows/:flow/json", ad.ImportFlowJSON, operator, body("15MiB")) // 10 MiB, packed as text, and what multipart adds
	desk.GET("/flows/:flow/json/compare", ad.CompareFlowJSON, viewer)
	desk.GET("/flows/:flow/json/:version", ad.FlowJSON, viewer)
	desk.GET("/flows/:flow/json/:version/download", ad.DownloadFlowJSON, viewer)
	desk.POST("/flows/:flow/json/:version/restore", ad.RestoreFlowJSON, operator)
	desk.POST("/flows/:flow/token", ad.MakeToken, support)
	desk.POST("/flows/:flow/test", ad.TestFlow, operator, a.hashes, lasting(30*time.Second))
	desk.POST("/flows/:flow/secret", ad.SetFlowSecret, administrator)
	desk.POST("/flows/:flow/app-secret", ad.SetFlowAppSecret, administrator)

	desk.GET("/flows/:flow/visits", ad.Visits, viewer)
	desk.GET("/visits", ad.Visits, viewer)
	desk.POST("/visits/find", ad.FindVisits, support)
	desk.GET("/visits/:id", ad.Visit, viewer)
	desk.POST("/visits/:id/reveal", ad.RevealVisit, support)

	desk.GET("/flows/:flow/rules", ad.Rules, viewer)
	desk.GET("/flows/:flow/rules/export", ad.ExportRules, viewer)
	desk.GET("/flows/:flow/rules/here", ad.Here, viewer)
	desk.GET("/flows/:flow/rules/publish", ad.AskPublish, operator)
	desk.GET("/flows/:flow/rules/picture", ad.Picture, viewer)
	desk.GET("/flows/:flow/rules/picture.svg", ad.PictureFile, viewer)
	desk.POST("/flows/:flow/rules/publish", ad.PublishRules, operator)
	desk.POST("/flows/:flow/rules/undo", ad.UndoRules, operator)
	desk.POST("/flows/:flow/rules/redo", ad.RedoRules, operator)
	desk.POST("/flows/:flow/rules/discard", ad.DiscardRules, operator)
	desk.POST("/flows/:flow/rules/fix", ad.FixRules, operator)
	desk.POST("/flows/:flow/rules/zone", ad.SetRulesZone, operator)
	desk.GET("/flows/:flow/rules/:screen/:rule", ad.Rule, operator)
	desk.POST("/flows/:flow/rules/:screen/:rule", ad.SaveRule, operator, body("1MiB"))
	desk.POST("/flows/:flow/rules/:screen/:rule/act", ad.ActOnRule, operator)

	desk.GET("/flows/:flow/versions", ad.RuleVersions, viewer)
	desk.GET("/flows/:flow/versions/compare", ad.CompareVersions, viewer)
	desk.GET("/flows/:flow/versions/:version", ad.RuleVersion, viewer)
	desk.POST("/flows/:flow/versions/:version/restore", ad.RestoreVersion, operator)

	desk.GET("/lists", ad.Lists, operator)
	desk.POST("/lists", ad.SaveList, operator, body("6MiB"))
	desk.GET("/lists/:name", ad.List, operator)
	desk.GET("/lists/:name/export", ad.ExportList, operator)
	desk.POST("/lists/:name/rows", ad.SaveListRows, operator, body("6MiB"))
	desk.POST("/lists/:name/columns", ad.SaveListColumns, operator)
	desk.POST("/lists/:name/upload", ad.PreviewList, operator, body("6MiB"))
	desk.POST("/lists/:name/replace", ad.ReplaceList, operator, body("20MiB")) // packed, so mostly far less
	desk.POST("/lists/:name/rename", ad.RenameList, operator)
	desk.POST("/lists/:name/delete", ad.DeleteList, operator)
	desk.GET("/lists/:name/compare", ad.CompareList, operator)
	desk.GET("/lists/:name/versions", ad.ListVersions, operator)
	desk.GET("/lists/:name/versions/:version", ad.ListVersion, operator)
	desk.GET("/lists/:name/versions/:version/export", ad.ExportListVersion, operator)
	desk.POST("/lists/:name/versions/:version/restore", ad.RestoreListVersion, operator)

	desk.GET("/setup/connect", ad.Connect, administrator)
	desk.POST("/setup/connect/secret", ad.SetAppSecret, administrator)
	desk.POST("/setup/connect/360dialog", ad.SetDialog360Secret, administrator)
	desk.POST("/setup/connect/access-token", ad.SetAccessToken, administrator)
	desk.POST("/setup/connect/zone", ad.SetInstanceZone, administrator)
	desk.GET("/keys", ad.Keys, administrator)
	desk.POST("/keys", ad.NewKey, administrator, a.hashes)
	desk.POST("/keys/import", ad.ImportKey, administrator, a.hashes)
	desk.POST("/keys/:id/retire", ad.RetireKey, administrator)
	desk.POST("/keys/:id/keep", ad.KeepKey, administrator)
	desk.GET("/privacy", ad.Privacy, administrator)
	desk.POST("/privacy/find", ad.FindPerson, administrator)
	desk.POST("/privacy/erase", ad.ErasePerson, administrator)
	desk.GET("/privacy/erasures/:id", ad.Erasure, administrator)
	desk.GET("/users", ad.Users, administrator)
	desk.POST("/users", ad.CreateUser, administrator, a.hashes)
	desk.POST("/users/:id/role", ad.SetUserRole, administrator)
	desk.POST("/users/:id/password", ad.SetUserPassword, administrator, a.hashes)
	desk.POST("/users/:id/disable", ad.DisableUser, administrator)

	desk.GET("/profile", ad.Profile, viewer)
	desk.POST("/profile", ad.UpdateProfile, viewer)
	desk.POST("/profile/password", ad.ChangePassword, viewer, a.hashes)
	desk.POST("/profile/sessions", ad.EndSessions, viewer)
}

// newAdmin fills what the pages need of the rest of the program.
func (a *App) newAdmin() *admin.Admin {
	return &admin.Admin{
		DB: a.db, Sessions: a.session, Now: a.cfg.now, PublicURL: a.publicURL, Banner: a.cfg.banner(), Version: Version(), Kept: a.cfg.kept(),
		Network:      func(c echo.Context) string { return network(c.RealIP()) },
		Secret:       a.appSecret,
		VerifyToken:  a.verifyToken,
		Fixed:        a.cfg.fixed,
		Fault:        func(slug string) string { return a.live.Faults()[slug] },
		Closing:      a.closing.Load,
		Decode:       whatsapp.Decode,
		Wake:         a.worker.Wake,
		CatchUp:      a.catchUp.soon,
		CheckAddress: a.checkAddress,
		ParseHost:    outbound.ParseHost,
		TryTarget:    a.tryTarget,
		ExportFolder: a.cfg.exports(),
		ExportFiles:  a.cfg.ExportFiles,
		TryReceiver:  a.tryReceiver,
		ParseChat:    outbound.ParseChat,
		CheckMail:    a.checkMailServer,
		TryMail:      a.tryMailServer,
		OpenFile:     a.openFile,
		FileType:     files.Harmless,
		MakeKey:      makeKey,
		ReadKey:      readKey,
		UploadCall:   func(pem string) string { return keys.UploadCall(string(a.cfg.GraphURL), pem) },
		AskCall:      keys.AskCall(string(a.cfg.GraphURL)),
		SelfTest:     a.selfTest,
	}
}

// appSecret is the current app secret, "" when none is known.
func (a *App) appSecret(ctx context.Context) (string, error) {
	if s := a.cfg.appSecrets(); len(s) > 0 {
		return s[0], nil
	}
	return a.db.Setting(ctx, models.AppSecret)
}

// fixed tells whether the environment sets a setting.
func (c Config) fixed(s models.Setting) bool {
	switch s {
	case models.AppSecret:
		return len(c.appSecrets()) > 0
	case models.VerifyToken:
		return c.VerifyToken != ""
	case models.AccessToken:
		return c.AccessToken != ""
	}
	return false
}
