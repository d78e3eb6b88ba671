package wire

// echoes decodes what the business wrote in its WhatsApp Business app: messages of ours, to a customer.
func (d *decoder) echoes(c change) {
	value := objectOf(c.value)
	number, people := objectOf(value["metadata"]), contactsOf(value["contacts"])
	before := d.events.count()
	for raw := range d.listed(value, "message_echoes") {
		o := objectOf(raw)
		part := c
		part.value = raw
		if o == nil || o.text("id") == "" {
			d.unread("an entry of message_echoes has no id")
			d.other("smb_message_echoes", part, raw)
			continue
		}
		m := Message{
			Out: true, ID: o.text("id"), Account: c.account, Type: o.text("type"), At: o.epoch("timestamp"), Raw: raw,
			PhoneID: number.text("phone_number_id"), PhoneNumber: or(number.text("display_phone_number"), o.text("from")),
			From: o.text("to"), FromUser: o.text("to_user_id"), ContextID: about(o),
		}
		people.name(&m)
		d.events.Messages = append(d.events.Messages, m)
	}
	if d.events.count() == before {
		d.other("smb_message_echoes", c, c.value)
	}
}
